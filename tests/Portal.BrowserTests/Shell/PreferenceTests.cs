namespace Portal.BrowserTests.Shell;

/// <summary>Language and theme, chosen in the bar on top.</summary>
public sealed class PreferenceTests(PortalFixture fixture) : BrowserTest(fixture)
{
    [Fact]
    public async Task Switching_the_language_keeps_the_page_and_its_filter()
    {
        var developer = await SignInAsync("Developer", "/requests?q=order&state=Succeeded");
        await Expect(developer.Page.GetByRole(AriaRole.Heading, new() { Name = "My requests" })).ToBeVisibleAsync();

        await developer.Page.GetByRole(AriaRole.Link, new() { Name = "简体中文" }).ClickAsync();

        await Expect(developer.Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        await Expect(developer.Page.Locator("h1")).Not.ToHaveTextAsync("My requests");
        await Expect(developer.Page).ToHaveURLAsync($"{Portal.Address}/requests?q=order&state=Succeeded");
        await developer.Page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await Expect(developer.Page.Locator("h1")).ToHaveTextAsync("My requests");
        await Expect(developer.Page).ToHaveURLAsync($"{Portal.Address}/requests?q=order&state=Succeeded");
    }

    [Fact]
    public async Task Chosen_theme_keeps_the_page_and_outlives_the_session()
    {
        // A session of its own, because it ends here.
        var developer = await (await ArriveAsync()).SignInAsync("Developer", "/requests/new");
        var light = await GroundAsync(developer.Page);

        await developer.Page.Button("Theme").ClickAsync();
        await developer.Page.GetByRole(AriaRole.Link, new() { Name = "Dark", Exact = true }).ClickAsync();

        await Expect(developer.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(developer.Page).ToHaveURLAsync($"{Portal.Address}/requests/new");
        Assert.NotEqual(light, await GroundAsync(developer.Page));
        await developer.Page.Button("Dana Developer Developer").ClickAsync();
        await developer.Page.Button("Sign out").ClickAsync();
        await Expect(developer.Page.Button("Auditor")).ToBeVisibleAsync();
        await Expect(developer.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    [Fact]
    public async Task Browser_that_prefers_Chinese_gets_Chinese_and_any_other_language_English()
    {
        var chinese = await ArriveAsync("zh-CN");
        await chinese.Page.GotoAsync("/signin");
        await Expect(chinese.Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        var german = await ArriveAsync("de-DE");
        await german.Page.GotoAsync("/signin");
        await Expect(german.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
    }

    [Fact]
    public async Task Page_that_changes_by_itself_stays_in_its_language()
    {
        var developer = await SignInAsync("Developer");
        await developer.Page.FillRuleAsync("team-a/web/storefront", "cn-south-1", "team-a-south", "去南方");
        var request = await developer.Page.SubmitAsync();
        var chinese = await SignInAsync("Developer", $"/requests/{request}", "zh-CN");
        await chinese.Page.GetByText("去南方").First.WaitForAsync();
        var approver = await SignInAsync("Approver");

        await approver.Page.ApproveAsync(request);

        await Expect(developer.Page.Light("Proved", "proved")).ToBeVisibleAsync();
        await Expect(chinese.Page.Locator("aside li")).ToHaveCountAsync(await developer.Page.Locator("aside li").CountAsync());
        Assert.Empty(ResourceWords.EnglishIn(await chinese.Page.EvaluateAsync<string>("document.body.innerText")));
    }

    static Task<string> GroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
