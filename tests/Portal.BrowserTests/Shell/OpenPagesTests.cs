namespace Portal.BrowserTests.Shell;

/// <summary>One person can have so many pages open, and no more; others are not touched by it.</summary>
public sealed class OpenPagesTests(PortalFixture fixture) : BrowserTest(fixture)
{
    const string TooMany = "打开的页面过多";

    [Fact]
    public async Task Page_beyond_the_limit_says_so_until_another_is_closed_and_the_one_after_it_gets_no_connection()
    {
        await using var portal = await PortalProcess.StartAsync(Database, Simulator, ("Limits__OpenPages", "1"), ("Dispatch__Enabled", "false"));
        await using var person = await Person.ArriveAsync(Fixture.Browser, portal.Address, "zh-CN", await Fixture.SessionAsync(portal.Address, "Developer"));
        await ComeInAsync(person.Page);

        var second = await OpenAsync(person);
        await Expect(second.GetByRole(AriaRole.Heading, new() { Name = TooMany })).ToBeVisibleAsync();
        Assert.Empty(await Axe.FindAsync(second));
        var third = await OpenAsync(person);
        await Expect(third.GetByText("此页面无法继续")).ToBeVisibleAsync();
        await third.CloseAsync();

        // Somebody else is not touched, and the open page goes on.
        await using var other = await Person.ArriveAsync(Fixture.Browser, portal.Address, "zh-CN", await Fixture.SessionAsync(portal.Address, "Approver"));
        await other.Page.GotoAsync("/approvals");
        await Expect(other.Page.Locator("h1")).ToBeVisibleAsync();
        await Expect(other.Page.GetByRole(AriaRole.Heading, new() { Name = TooMany })).ToHaveCountAsync(0);
        await person.Page.Locator("nav a[href='/requests/new']").First.ClickAsync();
        await Expect(person.Page).ToHaveURLAsync("/requests/new");

        await person.Page.CloseAsync(new() { RunBeforeUnload = true });
        await UntilItIsLetInAsync(second);
        await Expect(second.Locator("h1")).ToBeVisibleAsync();

        Assert.Empty(person.TakeTrouble());
        Assert.Empty(other.TakeTrouble());
        Assert.Empty(portal.TakeErrors());
    }

    // The page on which the person signed in may still count for a moment.
    static async Task ComeInAsync(IPage page)
    {
        var refused = page.GetByRole(AriaRole.Heading, new() { Name = TooMany });
        do
        {
            await page.GotoAsync("/requests");
            await page.Locator("nav a[href='/requests/new']").Or(refused).First.WaitForAsync();
        }
        while (await refused.CountAsync() > 0);
    }

    static async Task<IPage> OpenAsync(Person person)
    {
        var page = await person.Page.Context.NewPageAsync();
        await page.GotoAsync("/requests");
        return page;
    }

    // The browser says that it leaves, and the portal counts one less as soon as it hears it.
    static async Task UntilItIsLetInAsync(IPage page)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await page.GetByRole(AriaRole.Link, new() { Name = "重试" }).ClickAsync();
                await Expect(page.GetByRole(AriaRole.Heading, new() { Name = TooMany })).ToHaveCountAsync(0, new() { Timeout = 2000 });
                return;
            }
            catch (PlaywrightException) when (tries < 5)
            {
                // It was not heard yet.
            }
        }
    }
}
