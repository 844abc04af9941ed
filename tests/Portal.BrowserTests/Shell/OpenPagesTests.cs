namespace Portal.BrowserTests.Shell;

/// <summary>One person can have so many pages open, and no more; others are not touched by it.</summary>
public sealed class OpenPagesTests(PortalFixture fixture) : BrowserTest(fixture)
{
    [Theory]
    [InlineData("zh-CN", "打开的页面过多", "重试")]
    public async Task Page_beyond_the_limit_says_so_until_another_is_closed(string language, string title, string again)
    {
        await using var portal = await PortalProcess.StartAsync(Database, Simulator, ("Limits__OpenPages", "3"), ("Dispatch__Enabled", "false"));
        await using var person = await Person.ArriveAsync(Fixture.Browser, portal.Address, language, await Fixture.SessionAsync(portal.Address, "Developer"));
        var pages = new List<IPage>();
        for (var number = 0; number < 3; number++)
        {
            var page = await person.Page.Context.NewPageAsync();
            await page.GotoAsync("/requests");
            await Expect(page.Locator(".page-head h1, h1").First).ToBeVisibleAsync();
            pages.Add(page);
        }

        await person.Page.GotoAsync("/requests");
        await Expect(person.Page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
        Assert.Empty(await Axe.FindAsync(person.Page));

        // Somebody else is not touched, and the open pages go on.
        await using var other = await Person.ArriveAsync(Fixture.Browser, portal.Address, language, await Fixture.SessionAsync(portal.Address, "Approver"));
        await other.Page.GotoAsync("/approvals");
        await Expect(other.Page.GetByRole(AriaRole.Heading, new() { Name = title })).ToHaveCountAsync(0);
        await Expect(other.Page.Locator("h1")).ToBeVisibleAsync();
        await pages[0].Locator("nav a[href='/requests/new']").First.ClickAsync();
        await pages[0].WaitForURLAsync("**/requests/new");

        await pages[1].CloseAsync(new() { RunBeforeUnload = true });
        await Expect(person.Page.Locator("h1")).ToBeVisibleAsync();
        // The browser says that it leaves, and the portal counts one less as soon as it hears it.
        await UntilAsync(async () =>
        {
            await person.Page.GetByRole(AriaRole.Link, new() { Name = again }).ClickAsync();
            await Expect(person.Page.GetByRole(AriaRole.Heading, new() { Name = title })).ToHaveCountAsync(0, new() { Timeout = 2000 });
        });

        Assert.Empty(person.TakeTrouble());
        Assert.Empty(other.TakeTrouble());
        Assert.Empty(portal.TakeErrors());
    }

    [Fact]
    public async Task Person_who_opens_pages_without_end_gets_no_connection_and_reads_why()
    {
        await using var portal = await PortalProcess.StartAsync(Database, Simulator, ("Limits__OpenPages", "1"), ("Dispatch__Enabled", "false"));
        await using var person = await Person.ArriveAsync(Fixture.Browser, portal.Address, session: await Fixture.SessionAsync(portal.Address, "Developer"));
        await person.Page.GotoAsync("/requests");
        await Expect(person.Page.Locator("h1")).ToBeVisibleAsync();
        var notice = await person.Page.Context.NewPageAsync();
        await notice.GotoAsync("/requests");
        await Expect(notice.GetByText("Too many open pages")).ToBeVisibleAsync();

        var third = await person.Page.Context.NewPageAsync();
        await third.GotoAsync("/requests");

        await Expect(third.GetByText("This page could not go on")).ToBeVisibleAsync();
        await third.CloseAsync();
        await notice.CloseAsync();
        await person.Page.ReloadAsync();
        await Expect(person.Page.GetByText("Too many open pages")).ToHaveCountAsync(0);
        await Expect(person.Page.Locator("h1")).ToBeVisibleAsync();
        Assert.Empty(portal.TakeErrors());
    }

    static async Task UntilAsync(Func<Task> step)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await step();
                return;
            }
            catch (PlaywrightException) when (tries < 5)
            {
                // It was not heard yet.
            }
        }
    }
}
