namespace Portal.BrowserTests.Requests;

/// <summary>What somebody sees who does something too often: what is wrong, when to try again, and everything that they typed.</summary>
public sealed class TooOftenTests(PortalFixture fixture) : BrowserTest(fixture)
{
    const string Button = "检查";
    const string Words = "操作过于频繁：60 秒内最多 1 次。";

    [Fact]
    public async Task Second_check_is_refused_in_words_and_nothing_typed_is_lost()
    {
        const string Node = "limited";
        await using var portal = await PortalProcess.StartAsync(
            Database, Simulator, ("PORTAL_NODE", Node), ("Limits__Enabled", "true"), ("Limits__Check__Permits", "1"), ("Dispatch__Enabled", "false"));
        await using var developer = await ArriveAsync(portal, "Developer");
        await developer.Page.Locator("textarea").Last.FillAsync("Kept as it is");
        await developer.Page.Button(Button).ClickAsync();
        await Expect(developer.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Expect(developer.Page.GetByText(Words)).ToHaveCountAsync(0);

        await developer.Page.Button(Button).ClickAsync();

        await Expect(developer.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(Words);
        await Expect(developer.Page.Locator("textarea").Last).ToHaveValueAsync("Kept as it is");

        // Somebody else checks as before.
        await using var other = await ArriveAsync(portal, "Approver");
        await other.Page.Button(Button).ClickAsync();
        await Expect(other.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Expect(other.Page.GetByText(Words)).ToHaveCountAsync(0);
        Assert.Equal(1L, await Database.ValueAsync<long>("select count(*) from audit.event where kind = 'access.limited' and node = $1", Node));
        Assert.Empty(portal.TakeErrors());
    }

    async Task<Person> ArriveAsync(PortalProcess portal, string persona)
    {
        var person = await Person.ArriveAsync(Fixture.Browser, portal.Address, "zh-CN", await Fixture.SessionAsync(portal.Address, persona));
        await person.Page.GotoAsync("/requests/new/sync-mirror");
        await person.Page.Locator("form.form").WaitForAsync();
        return person;
    }
}
