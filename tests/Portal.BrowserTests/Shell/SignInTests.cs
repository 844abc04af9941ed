namespace Portal.BrowserTests.Shell;

/// <summary>Who gets in, where they come to, and when the portal refuses to start.</summary>
public sealed class SignInTests(PortalFixture fixture) : BrowserTest(fixture)
{
    [Fact]
    public async Task Page_asked_for_without_a_sign_in_is_shown_after_it()
    {
        var developer = await ArriveAsync();
        await developer.Page.GotoAsync("/requests?state=Failed");
        await Expect(developer.Page).ToHaveURLAsync($"{Portal.Address}/signin?returnUrl=%2Frequests%3Fstate%3DFailed");

        await developer.Page.Button("Developer").ClickAsync();

        await Expect(developer.Page).ToHaveURLAsync($"{Portal.Address}/requests?state=Failed");
        await Expect(developer.Page.Locator("h1")).ToHaveTextAsync("My requests");
    }

    [Fact]
    public async Task Sign_out_leads_every_open_tab_and_every_later_page_to_the_sign_in()
    {
        // A session of its own, because it ends here.
        var developer = await (await ArriveAsync()).SignInAsync("Developer");
        var tab = await developer.Page.Context.NewPageAsync();
        await tab.GotoAsync("/requests/new");
        await Expect(tab.Locator("h1")).ToHaveTextAsync("New request");
        await developer.Page.Button("Dana Developer Developer").ClickAsync();

        await developer.Page.Button("Sign out").ClickAsync();

        await Expect(developer.Page).ToHaveURLAsync($"{Portal.Address}/signin?left=SignedOut");
        await Expect(developer.Page.GetByText("You are signed out.")).ToBeVisibleAsync();
        await Expect(tab).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/signin"));
        await developer.Page.GotoAsync("/requests");
        await Expect(developer.Page.Button("Developer")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("//evil.example/x")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Return_address_of_another_site_is_not_followed(string returnUrl)
    {
        var person = await ArriveAsync();
        await person.Page.GotoAsync($"/preferences?culture=en&returnUrl={Uri.EscapeDataString(returnUrl)}");
        await Expect(person.Page).ToHaveURLAsync($"{Portal.Address}/signin?returnUrl=%2F");

        await person.SignInAsync("Developer", returnUrl);

        await Expect(person.Page).ToHaveURLAsync($"{Portal.Address}/");
        await Expect(person.Page.Locator("h1")).ToHaveTextAsync("Home");
    }

    [Theory]
    [InlineData("ASPNETCORE_ENVIRONMENT", "Production", "the environment 'Production'")]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:0", "listen on 'http://0.0.0.0:0'")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:0;http://[::]:0", "listen on 'http://[::]:0'")]
    public async Task Personas_where_others_could_reach_them_keep_the_portal_from_starting(string setting, string value, string why)
    {
        var (exitCode, output) = await PortalProcess.RunToEndAsync(
            Database, ("ASPNETCORE_ENVIRONMENT", "Development"), ("Logging__Console__FormatterName", "lines"), ("SignIn__Personas", "true"), (setting, value));

        Assert.NotEqual(0, exitCode);
        Assert.Contains("SignIn:Personas is on", output, StringComparison.Ordinal);
        Assert.Contains(why, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ASPNETCORE_DETAILEDERRORS", "true", "detailedErrors is on")]
    [InlineData("Huawei__Endpoints__Swr", "http://127.0.0.1:9/swr/{region}", "Huawei:Endpoints:Swr is")]
    public async Task Setting_for_trying_out_is_refused_at_the_start_and_named(string setting, string value, string why)
    {
        var (exitCode, output) = await PortalProcess.RunToEndAsync(
            Database, ("ASPNETCORE_ENVIRONMENT", "Production"), ("Logging__Console__FormatterName", "lines"), (setting, value));

        Assert.NotEqual(0, exitCode);
        Assert.Contains(why, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_without_settings_warns_of_what_is_missing_says_so_on_its_page_and_lets_nobody_in()
    {
        await using var portal = await PortalProcess.StartAsync(
            Database, Simulator, ("ASPNETCORE_ENVIRONMENT", "Production"), ("SignIn__Personas", "false"), ("Dispatch__Enabled", "false"), ("Limits__Enabled", "true"),
            ("Huawei__AccessKey", ""), ("Huawei__SecretKey", ""), ("Huawei__Endpoints__Iam", "https://127.0.0.1:9/iam/{region}"),
            ("Huawei__Endpoints__Swr", "https://127.0.0.1:9/swr/{region}"), ("Huawei__Endpoints__CodeArtsRepo", "https://127.0.0.1:9/codearts/{region}"));
        var said = portal.TakeLines();
        Assert.Contains("AzureAd:ClientId", Assert.Single(said, line => line.Contains("Nobody can sign in", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("Huawei:AccessKey", Assert.Single(said, line => line.Contains("Nothing can be sent to the cloud", StringComparison.Ordinal)), StringComparison.Ordinal);
        await using var person = await Person.ArriveAsync(Fixture.Browser, portal.Address);

        await person.Page.GotoAsync("/requests");

        await Expect(person.Page.GetByText("Sign-in is not set up")).ToBeVisibleAsync();
        await Expect(person.Page.Button("Developer")).ToHaveCountAsync(0);
        var answer = await person.Page.Context.APIRequest.PostAsync("/signin/persona", new() { Form = person.Page.Context.APIRequest.CreateFormData().Set("persona", "Developer") });
        Assert.InRange(answer.Status, 400, 499);
        await person.Page.GotoAsync("/requests");
        await Expect(person.Page.GetByText("Sign-in is not set up")).ToBeVisibleAsync();
        // A portal that was built and not published finds its style sheets and scripts in Development only.
        Assert.DoesNotContain(person.TakeTrouble(), line => !line.Contains("strict MIME", StringComparison.Ordinal));
        Assert.Empty(portal.TakeErrors());
    }
}
