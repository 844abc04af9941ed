namespace Portal.BrowserTests.Requests;

/// <summary>What somebody sees who does something too often: what is wrong, when to try again, and everything that they typed.</summary>
public sealed class TooOftenTests(PortalFixture fixture) : BrowserTest(fixture)
{
    [Theory]
    [InlineData("zh-CN", "检查", "操作过于频繁：60 秒内最多 1 次。")]
    public async Task Second_check_is_refused_in_words_and_nothing_typed_is_lost(string language, string button, string words)
    {
        var node = "limited-" + language;
        await using var portal = await PortalProcess.StartAsync(
            Database, Simulator, ("PORTAL_NODE", node), ("Limits__Enabled", "true"), ("Limits__Check__Permits", "1"), ("Dispatch__Enabled", "false"));
        await using var developer = await ArriveAsync(portal, "Developer", language);
        await developer.Page.Locator("textarea").Last.FillAsync("Kept as it is");
        await developer.Page.Button(button).ClickAsync();
        await Expect(developer.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Expect(developer.Page.GetByText(words)).ToHaveCountAsync(0);

        await developer.Page.Button(button).ClickAsync();

        await Expect(developer.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(words);
        await Expect(developer.Page.Locator("textarea").Last).ToHaveValueAsync("Kept as it is");

        // Somebody else checks as before.
        await using var other = await ArriveAsync(portal, "Approver", language);
        await other.Page.Button(button).ClickAsync();
        await Expect(other.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Expect(other.Page.GetByText(words)).ToHaveCountAsync(0);
        Assert.Equal(1L, await Database.ValueAsync<long>("select count(*) from audit.event where kind = 'access.limited' and node = $1", node));
        Assert.Empty(portal.TakeErrors());
    }

    async Task<Person> ArriveAsync(PortalProcess portal, string persona, string language)
    {
        var person = await Person.ArriveAsync(Fixture.Browser, portal.Address, language, await Fixture.SessionAsync(portal.Address, persona));
        await person.Page.GotoAsync("/requests/new/sync-mirror");
        await person.Page.Locator("form.form").WaitForAsync();
        return person;
    }
}
