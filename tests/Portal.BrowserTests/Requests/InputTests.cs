namespace Portal.BrowserTests.Requests;

/// <summary>Bad input: a message at its field, everything typed still there, no row and no call.</summary>
public sealed class InputTests(PortalFixture fixture) : BrowserTest(fixture)
{
    const string OrganizationRule = "Start with a lowercase letter, end with a lowercase letter or digit.";
    const string RepositoryRule = "Start and end with a lowercase letter or digit.";
    const string NumberRule = "A whole number from 1 to 2147483647.";
    const string UuidRule = "A UUID: 32 hexadecimal digits, with or without dashes.";

    [Fact]
    public async Task Rule_with_a_field_against_its_pattern_says_so_at_the_field_and_is_not_submitted()
    {
        (string Field, string Text, string Message)[] wrong =
        [
            ("Organization", "Team", OrganizationRule), ("Organization", "1team", OrganizationRule), ("Organization", "team-", OrganizationRule),
            ("Organization", "te__-am", OrganizationRule), ("Organization", "te___am", OrganizationRule), ("Organization", " team", OrganizationRule),
            ("Organization", "team-😀", OrganizationRule), ("Organization", "团队", OrganizationRule), ("Organization", new string('a', 65), "At most 64 characters; this has 65."),
            ("Target organization", "team/a", OrganizationRule), ("Target organization", "team..a", OrganizationRule),
            ("Repository", "Backend/order-api", RepositoryRule), ("Repository", "/order-api", RepositoryRule), ("Repository", "backend//order", RepositoryRule),
            ("Repository", "order-api/", RepositoryRule), ("Repository", "order😀", RepositoryRule), ("Repository", "../etc/passwd", RepositoryRule),
            ("Repository", new string('a', 129), "At most 128 characters; this has 129."),
        ];
        var developer = await SignInAsync("Developer");
        var page = developer.Page;
        await page.FillRuleAsync("no-such-team/pattern-edges", "cn-east-3", "team-a-dr", "Pattern edges");
        foreach (var (field, text, message) in wrong)
        {
            await page.Field(field).FillAsync(text);
            await Expect(page.Problem(field)).ToContainTextAsync(message);
            await Expect(page.Field(field)).ToHaveAttributeAsync("aria-invalid", "true");
        }

        await page.Button("Submit").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was submitted");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Repository: At most 128 characters; this has 129.");
        await Expect(page.Problem("Organization")).ToBeVisibleAsync();
        await Expect(page.Field("Organization")).ToHaveValueAsync(new string('a', 65));
        await Expect(page.Field("Repository")).ToHaveValueAsync(new string('a', 129));
        await Expect(page.Field("Target organization")).ToHaveValueAsync("team..a");
        await Expect(page.Field("Target region")).ToHaveValueAsync("cn-east-3");
        await Expect(page.Field("Reason")).ToHaveValueAsync("Pattern edges");
        await NothingCameOfItAsync("Pattern edges", "pattern-edges");
    }

    [Fact]
    public async Task Mirror_with_a_field_against_its_rule_says_so_at_the_field_and_is_not_submitted()
    {
        (string Field, string Text, string Message)[] wrong =
        [
            ("Repository ID", "0", NumberRule), ("Repository ID", "-1", NumberRule), ("Repository ID", "2147483648", NumberRule), ("Repository ID", "1.5", NumberRule),
            ("Repository ID", "1e3", NumberRule), ("Repository ID", "7 7", NumberRule), ("Repository ID", "٣", NumberRule), ("Repository ID", "99999999999999999999", NumberRule),
            ("Service endpoint", "7c1f0f5e", UuidRule), ("Service endpoint", "7c1f0f5e-4f0b-4c55-9a8e-3a2f6f0f1d1g", UuidRule), ("Service endpoint", new string('a', 37), "At most 36"),
        ];
        var developer = await SignInAsync("Developer");
        var page = developer.Page;
        await page.FillMirrorAsync(1, "Number edges");
        foreach (var (field, text, message) in wrong)
        {
            await page.Field(field).FillAsync(text);
            await Expect(page.Problem(field)).ToContainTextAsync(message);
        }

        await page.Button("Submit").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was submitted");
        await Expect(page.Field("Repository ID")).ToHaveValueAsync("99999999999999999999");
        await NothingCameOfItAsync("Number edges", "99999999999999999999");
    }

    [Fact]
    public async Task Empty_form_names_every_field_that_is_needed()
    {
        var developer = await SignInAsync("Developer", "/requests/new/keep-copying");

        await developer.Page.Button("Submit").ClickAsync();

        foreach (var field in (string[])["Organization", "Repository", "Target region", "Target organization", "Reason"])
        {
            await Expect(developer.Page.Problem(field)).ToHaveTextAsync("This is needed.");
        }

        await Expect(developer.Page.Problem("Source region")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Refusal_above_a_long_form_comes_into_view_on_a_phone()
    {
        var developer = await SignInAsync("Developer", "/requests/new/keep-copying");
        await developer.Page.SetViewportSizeAsync(390, 700);
        await developer.Page.Button("Submit").ScrollIntoViewIfNeededAsync();
        await Expect(developer.Page.GetByRole(AriaRole.Heading, new() { Name = "Keep copying" })).Not.ToBeInViewportAsync();

        await developer.Page.Button("Submit").ClickAsync();

        await Expect(developer.Page.GetByText("Nothing was submitted")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Region_that_is_not_offered_is_refused_at_its_field()
    {
        var developer = await SignInAsync("Developer");
        await developer.Page.FillRuleAsync("team-a/unknown-region", "cn-east-3", "team-a-dr", "Unknown region");
        await developer.Page.Field("Target region").EvaluateAsync("list => list.add(new Option('moon-1', 'moon-1'))");

        await developer.Page.Field("Target region").SelectOptionAsync("moon-1");
        await developer.Page.Button("Submit").ClickAsync();

        await Expect(developer.Page.Problem("Target region")).ToContainTextAsync("“moon-1” is not a region that can be chosen here.");
        await NothingCameOfItAsync("Unknown region", "moon-1");
    }

    [Theory]
    [InlineData("Reason", "At most 2000 characters")]
    [InlineData("Repository", "At most 128 characters")]
    public async Task Pasting_a_megabyte_says_that_it_is_too_long_and_keeps_the_page_alive(string field, string message)
    {
        var developer = await SignInAsync("Developer");
        var page = developer.Page;
        await page.FillRuleAsync("team-a/megabyte", "cn-east-3", "team-a-dr", "A megabyte");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.EvaluateAsync("navigator.clipboard.writeText('x'.repeat(1024 * 1024))");
        await page.Field(field).FillAsync("");

        await page.Field(field).PressAsync("Control+V");

        await Expect(page.Problem(field)).ToContainTextAsync(message);
        await page.Button("Submit").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was submitted");
        await Expect(page.Field("Target organization")).ToHaveValueAsync("team-a-dr");
        await NothingCameOfItAsync("A megabyte", "xxxxxxxxxx");

        // The page works on: what is corrected is taken.
        await page.Field(field).FillAsync("corrected");
        await Expect(page.Problem(field)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Nul_is_refused_at_its_field_and_an_emoji_is_kept_as_it_is()
    {
        var developer = await SignInAsync("Developer");
        var page = developer.Page;
        await page.FillRuleAsync("base-images/dotnet/aspnet", "cn-east-3", "base-images", "Before the move 🚚 到华东");
        await TypeByScriptAsync(page, "Reason", "one\0two");
        await page.Button("Submit").ClickAsync();
        await Expect(page.Problem("Reason")).ToContainTextAsync("There are characters in this text that cannot be seen");
        await TypeByScriptAsync(page, "Organization", "team\0a");
        await Expect(page.Problem("Organization")).ToContainTextAsync(OrganizationRule);
        await NothingCameOfItAsync("one", "team%00a");

        await page.Field("Organization").FillAsync("base-images");
        await page.Field("Reason").FillAsync("Before the move 🚚 到华东");
        var request = await page.SubmitAsync();

        await Expect(page.GetByText("Before the move 🚚 到华东").First).ToBeVisibleAsync();
        Assert.Equal("Before the move 🚚 到华东", await Database.ValueAsync<string>("select reason from portal.request where id = $1", request));
    }

    [Fact]
    public async Task Text_typed_without_a_pause_arrives_whole()
    {
        var developer = await SignInAsync("Developer", "/requests/new/keep-copying");
        var text = string.Concat(Enumerable.Range(100, 60).Select(number => $"{number} "));

        await developer.Page.Field("Reason").PressSequentiallyAsync(text);
        await developer.Page.Field("Repository").PressSequentiallyAsync(new string([.. text.Where(char.IsAsciiDigit).Take(120)]));

        await Expect(developer.Page.Field("Repository")).ToHaveValueAsync(new string([.. text.Where(char.IsAsciiDigit).Take(120)]));
        await Expect(developer.Page.Field("Reason")).ToHaveValueAsync(text);
    }

    // A keyboard has no such key, but a clipboard may hold it.
    static async Task TypeByScriptAsync(IPage page, string field, string text) => await page.Field(field).EvaluateAsync(
        "(box, text) => { box.value = text; box.dispatchEvent(new Event('input', { bubbles: true })); }", text);

    async Task NothingCameOfItAsync(string reason, string wish)
    {
        Assert.Equal(0L, await Database.ValueAsync<long>("select count(*) from portal.request where reason like $1 || '%'", reason));
        Assert.DoesNotContain(await Simulator.CallsAsync(), call => call!["method"]!.GetValue<string>() == "POST" && call["path"]!.GetValue<string>().Contains(wish, StringComparison.Ordinal));
    }
}
