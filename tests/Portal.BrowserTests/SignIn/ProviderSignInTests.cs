using System.Text.RegularExpressions;

namespace Portal.BrowserTests.SignIn;

/// <summary>A real provider with a portal behind it, for all tests of a class.</summary>
public sealed class ProviderSite(PortalFixture fixture) : IAsyncLifetime
{
    /// <summary>The provider.</summary>
    public ProviderProcess Provider { get; private set; } = null!;

    /// <summary>The portal.</summary>
    public PortalProcess Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var address = ProviderProcess.FreeAddress();
        Provider = await ProviderProcess.StartAsync(address);
        Portal = await PortalProcess.StartAsync(
            fixture.Database, fixture.Simulator, [.. Provider.SettingsFor(address), ("Dispatch__Enabled", "false"), ("Sessions__LookAgainSeconds", "1")]);
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        await Provider.DisposeAsync();
    }
}

/// <summary>People who sign in and out through a real OpenID provider.</summary>
public sealed class ProviderSignInTests(PortalFixture fixture, ProviderSite site) : BrowserTest(fixture), IClassFixture<ProviderSite>
{
    readonly ProviderProcess provider = site.Provider;
    readonly PortalProcess portal = site.Portal;

    protected override PortalProcess Portal => portal;

    [Fact]
    public async Task Whoever_signs_in_at_the_provider_comes_back_to_the_page_they_wanted_with_their_roles()
    {
        var dana = await ArriveAsync();
        await dana.Page.GotoAsync("/requests?state=Failed");
        await dana.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with your company account" }).ClickAsync();
        await Expect(dana.Page.Locator("h1")).ToHaveTextAsync("Who are you?");

        await dana.Page.Button("Dana Developer").ClickAsync();

        await Expect(dana.Page).ToHaveURLAsync($"{portal.Address}/requests?state=Failed");
        await Expect(dana.Page.Locator("h1")).ToHaveTextAsync("My requests");
        await Expect(dana.Page.Button("Dana Developer Developer")).ToBeVisibleAsync();
        var cookie = (await dana.Page.Context.CookiesAsync([portal.Address])).Single(kept => kept.Name == "portal");
        Assert.Equal((true, SameSiteAttribute.Lax, -1f, "/"), (cookie.HttpOnly, cookie.SameSite, cookie.Expires, cookie.Path));
    }

    [Fact]
    public async Task Group_gives_a_role_and_who_has_none_may_nothing()
    {
        var grete = await SignInAtProviderAsync("Grete Group", "/approvals");
        await Expect(grete.Page.Locator("h1")).ToHaveTextAsync("Approvals");

        var nora = await SignInAtProviderAsync("Nora Norole", "/");
        await Expect(nora.Page.Button("Nora Norole No role")).ToBeVisibleAsync();
        await Expect(nora.Page.GetByRole(AriaRole.Link, new() { Name = "New request" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Sign_out_leads_to_the_provider_also_when_the_page_learns_first_that_its_sign_in_is_over()
    {
        var dana = await SignInAtProviderAsync("Dana Developer", "/requests");
        var tab = await dana.Page.Context.NewPageAsync();
        await tab.GotoAsync($"{portal.Address}/requests/new");
        await Expect(tab.Locator("h1")).ToHaveTextAsync("New request");
        // The portal has done it and its answer is still on the way: by then the other page has left.
        await dana.Page.RouteAsync("**/signout", async route =>
        {
            var answer = await route.FetchAsync(new() { MaxRedirects = 0 });
            await Expect(tab).ToHaveURLAsync(new Regex("/signin"));
            await route.FulfillAsync(new() { Response = answer });
        });
        await dana.Page.Button("Dana Developer Developer").ClickAsync();

        await dana.Page.Button("Sign out").ClickAsync();

        await Expect(dana.Page.Locator("h1")).ToHaveTextAsync("Sign out here too?");
    }

    [Fact]
    public async Task Sign_out_ends_the_sign_in_at_the_provider_too()
    {
        var dana = await SignInAtProviderAsync("Dana Developer", "/requests");
        await dana.Page.Button("Dana Developer Developer").ClickAsync();
        await dana.Page.Button("Sign out").ClickAsync();

        // The form of the portal leads to the provider, which asks.
        await Expect(dana.Page.Locator("h1")).ToHaveTextAsync("Sign out here too?");
        await dana.Page.Button("Yes, sign me out").ClickAsync();

        await Expect(dana.Page).ToHaveURLAsync($"{portal.Address}/signin?left=SignedOut");
        await dana.Page.GotoAsync("/signin/provider?returnUrl=/");
        await Expect(dana.Page.Locator("h1")).ToHaveTextAsync("Who are you?");
    }

    [Fact]
    public async Task Sign_out_at_the_provider_ends_the_open_page_without_a_click()
    {
        var dana = await SignInAtProviderAsync("Dana Developer", "/requests");
        var tab = await dana.Page.Context.NewPageAsync();
        await tab.GotoAsync(provider.Issuer + "/session/end");

        await tab.Button("Yes, sign me out").ClickAsync();
        await Expect(tab.Locator("h1")).ToHaveTextAsync("Signed out");

        await Expect(dana.Page).ToHaveURLAsync(new Regex("/signin"));
        await dana.Page.GotoAsync("/requests");
        await Expect(dana.Page).ToHaveURLAsync(new Regex("/signin"));
    }

    [Fact]
    public async Task Provider_that_says_no_leads_back_with_our_words_and_none_of_its_own()
    {
        var nobody = await ArriveAtProviderAsync("/");

        await nobody.Page.Button("Cancel").ClickAsync();

        await Expect(nobody.Page).ToHaveURLAsync($"{portal.Address}/signin?refused=ProviderSaidNo&returnUrl=%2F");
        await Expect(nobody.Page.GetByText("did not sign you in")).ToBeVisibleAsync();
        Assert.DoesNotContain("was chosen", await nobody.Page.ContentAsync(), StringComparison.Ordinal);
        // The provider says it with a 400 of its own.
        Assert.DoesNotContain(nobody.TakeTrouble(), line => line.Contains(portal.Address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Provider_that_changes_its_keys_still_lets_people_in()
    {
        await SignInAtProviderAsync("Dana Developer", "/requests");

        await provider.ChangeKeysAsync();

        await SignInAtProviderAsync("Ari Approver", "/approvals");
    }

    [Fact]
    public async Task Way_back_does_not_work_a_second_time_or_in_another_browser()
    {
        var dana = await ArriveAtProviderAsync("/requests");
        string? body = null;
        dana.Page.Request += (_, request) => body = request.Url.EndsWith("/signin-oidc", StringComparison.Ordinal) ? request.PostData : body;
        await dana.Page.Button("Dana Developer").ClickAsync();
        await Expect(dana.Page.Locator("h1")).ToHaveTextAsync("My requests");

        foreach (var context in new[] { dana.Page.Context, (await ArriveAsync()).Page.Context })
        {
            var answer = await context.APIRequest.PostAsync(portal.Address + "/signin-oidc", new()
            {
                Headers = new Dictionary<string, string> { ["Content-Type"] = "application/x-www-form-urlencoded" },
                DataString = body,
                MaxRedirects = 0,
            });
            Assert.Equal((302, "/signin?refused=AnotherBrowser"), (answer.Status, answer.Headers["location"]));
        }
    }

    async Task<Person> ArriveAtProviderAsync(string path)
    {
        var person = await ArriveAsync();
        await person.Page.GotoAsync($"/signin/provider?returnUrl={Uri.EscapeDataString(path)}");
        await Expect(person.Page.Locator("h1")).ToHaveTextAsync("Who are you?");
        return person;
    }

    async Task<Person> SignInAtProviderAsync(string name, string path)
    {
        var person = await ArriveAtProviderAsync(path);
        await person.Page.Button(name).ClickAsync();
        await Expect(person.Page).ToHaveURLAsync(portal.Address + path);
        await person.Page.Locator("h1").First.WaitForAsync();
        return person;
    }

    async Task<Person> ArriveAsync() => await ArriveAsync(provider: provider.Issuer);
}
