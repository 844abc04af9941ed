using System.Text.RegularExpressions;

namespace Portal.BrowserTests.Shell;

/// <summary>
/// Every page, in both languages: nothing sticks out to the side, every word is there, and axe-core finds nothing in the look whose turn it is; with
/// PORTAL_TEST_EVERY_LOOK=yes in each theme on a phone and on a desk. PORTAL_TEST_PICTURES=folder asks every look too and saves a picture of each;
/// PORTAL_TEST_PAGES=people,person looks only at those.
/// </summary>
public sealed class EveryPageTests(PortalFixture fixture, SampleRequests samples) : BrowserTest(fixture), IClassFixture<SampleRequests>
{
    const int Phone = 390;
    const int Desk = 1440;
    static readonly bool EveryLook = Environment.GetEnvironmentVariable("PORTAL_TEST_EVERY_LOOK") == "yes";
    static readonly string? Pictures = Environment.GetEnvironmentVariable("PORTAL_TEST_PICTURES");

    /// <summary>Who looks at what, and what they do there first.</summary>
    sealed record Shown(string? Persona, string Path, Func<IPage, Task>? Act = null, bool Missing = false, bool EnglishOnly = false);

    Shown PageOf(string name) => name switch
    {
        "signin" => new(null, "/signin"),
        "signin-ended" => new(null, "/signin?left=Ended"),
        "home-developer" => new("Developer", "/"),
        "home-approver" => new("Approver", "/"),
        "home-new-person" => new("Operator", "/"),
        "new" => new("Developer", "/requests/new"),
        "rule-empty" => new("Developer", "/requests/new/keep-copying"),
        "rule-errors" => new("Developer", "/requests/new/keep-copying", RuleErrorsAsync),
        "rule-checked" => new("Developer", "/requests/new/keep-copying", page => CheckRuleAsync(page, "team-a", "tools/busybox", "team-a-dr")),
        "rule-blocked" => new("Developer", "/requests/new/keep-copying", page => CheckRuleAsync(page, "team-a", "no-such-image", "nobody")),
        "rule-list-open" => new("Developer", "/requests/new/keep-copying", OpenListAsync),
        "mirror-empty" => new("Developer", "/requests/new/sync-mirror"),
        "mirror-errors" => new("Developer", "/requests/new/sync-mirror", page => SubmitAsync(page)),
        "mirror-checked" => new("Developer", "/requests/new/sync-mirror", CheckMirrorAsync),
        "requests" => new("Developer", "/requests"),
        "requests-none" => new("Developer", "/requests?q=nothing-is-called-so"),
        "request-waiting" => new("Developer", $"/requests/{samples["waiting"]}"),
        "request-withdraw" => new("Developer", $"/requests/{samples["waiting"]}", page => page.Locator("main .btn-danger").ClickAsync()),
        "request-succeeded" => new("Developer", $"/requests/{samples["succeeded"]}"),
        "request-failed" => new("Developer", $"/requests/{samples["failed"]}"),
        "request-unknown" => new("Developer", $"/requests/{samples["unknown"]}"),
        "request-denied" => new("Developer", $"/requests/{samples["denied"]}"),
        "request-not-there" => new("Developer", $"/requests/{Guid.Empty}", Missing: true),
        "approvals" => new("Approver", "/approvals"),
        "approvals-not-yours" => new("Developer", "/approvals"),
        "review" => new("Approver", $"/approvals/{samples["waiting"]}"),
        "review-no-reason" => new("Approver", $"/approvals/{samples["waiting"]}", page => page.Locator(".decide .btn-danger").ClickAsync()),
        "review-decided" => new("Approver", $"/approvals/{samples["denied"]}"),
        "review-not-yours" => new("Auditor", $"/approvals/{samples["waiting"]}"),
        "audit" => new("Auditor", "/audit"),
        "audit-filtered" => new("Auditor", "/audit?status=4xx&q=SVCSTG"),
        "audit-problem" => new("Auditor", "/audit?from=yesterday"),
        "audit-none" => new("Auditor", "/audit?q=nothing-is-called-so"),
        "audit-event" => new("Auditor", "/audit", OpenEventAsync),
        "audit-not-yours" => new("Developer", "/audit"),
        "rule-again" => new("Developer", $"/requests/new/keep-copying?from={samples["denied"]}"),
        "request-on-desk" => new("Operator", $"/requests/{samples["unknown"]}"),
        "operations" => new("Operator", "/operations"),
        "operations-pause" => new("Operator", "/operations", page => page.Locator("td.act button").First.ClickAsync()),
        "operations-maintenance" => new("Operator", "/operations", page => page.Locator(".page-actions button").ClickAsync()),
        "operations-read-only" => new("Administrator", "/operations"),
        "operations-not-yours" => new("Developer", "/operations"),
        "outcomes" => new("Operator", "/outcomes"),
        "outcomes-settle" => new("Operator", "/outcomes", page => DeskOf(page, "overwrites").GetByRole(AriaRole.Button).Nth(1).ClickAsync()),
        "outcomes-read-only" => new("Administrator", "/outcomes"),
        "outcomes-not-yours" => new("Developer", "/outcomes"),
        "people" => new("Administrator", "/people"),
        "people-none" => new("Administrator", "/people?q=nobody-is-called-so"),
        "people-not-yours" => new("Developer", "/people"),
        "person" => new("Administrator", "/people/person?id=persona%3ADeveloper"),
        "person-oneself" => new("Administrator", "/people/person?id=persona%3AAdministrator"),
        "person-not-there" => new("Administrator", "/people/person?id=nobody%23there", Missing: true),
        "person-shut-out" => new("Administrator", "/people/person?id=persona%3ADeveloper", page => page.Locator(".page-actions button").ClickAsync()),
        "account" => new("Approver", "/account"),
        "not-found" => new("Developer", "/no/such/page", Missing: true),
        "error" => new(null, "/error"),
        "leave" => new("Developer", "/requests/new/keep-copying", AskToLeaveAsync),
        "gallery" => new(null, "/gallery", EnglishOnly: true),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    public static TheoryData<string> Names =>
        Environment.GetEnvironmentVariable("PORTAL_TEST_PAGES") is { Length: > 0 } some ? [.. All.Intersect(some.Split(','))] : [.. All];

    static string[] All =>
    [
        "signin", "signin-ended", "home-developer", "home-approver", "home-new-person", "new", "rule-empty", "rule-errors", "rule-checked", "rule-blocked", "rule-list-open",
        "mirror-empty", "mirror-errors", "mirror-checked", "requests", "requests-none", "request-waiting", "request-withdraw", "request-succeeded",
        "request-failed", "request-unknown", "request-denied", "request-not-there", "approvals", "approvals-not-yours", "review", "review-no-reason",
        "review-decided", "review-not-yours", "audit", "audit-filtered", "audit-problem", "audit-none", "audit-event", "audit-not-yours", "rule-again",
        "request-on-desk", "operations", "operations-pause", "operations-maintenance", "operations-read-only", "operations-not-yours", "outcomes",
        "outcomes-settle", "outcomes-read-only", "outcomes-not-yours", "people", "people-none", "people-not-yours", "person", "person-oneself",
        "person-not-there", "person-shut-out", "account", "not-found", "error", "gallery", "leave",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Page_is_accessible_fits_and_speaks_the_language(string name)
    {
        var shown = PageOf(name);
        // The two readers do not meet, so they look at the same time; their browsers are made one after the other.
        var readers = new[] { await samples.PersonAsync(shown.Persona, "en"), await samples.PersonAsync(shown.Persona, "zh-CN") };
        var found = await Task.WhenAll(LookAsync(readers[0], shown, name, "en"), LookAsync(readers[1], shown, name, "zh-CN"));

        Assert.True(found.All(lines => lines.Count == 0), string.Join('\n', found.SelectMany(lines => lines)));
    }

    static async Task<IReadOnlyList<string>> LookAsync(Person person, Shown shown, string name, string language)
    {
        await person.Page.SetViewportSizeAsync(Desk, 900);
        await person.Page.GotoAsync(shown.Path);
        await WhenShownAsync(person.Page);
        if (shown.Act is not null)
        {
            await shown.Act(person.Page);
        }

        List<string> found = [.. (await LookAsync(person.Page, name, language, shown.EnglishOnly)).Select(line => $"{language}: {line}")];
        var trouble = person.TakeTrouble();
        found.AddRange(trouble.Where(line => !shown.Missing || !line.Contains("404", StringComparison.Ordinal)));
        Assert.Equal(shown.Missing, trouble.Any(line => line.StartsWith("answered 404", StringComparison.Ordinal)));
        return found;
    }

    static async Task<IReadOnlyList<string>> LookAsync(IPage page, string name, string language, bool englishOnly)
    {
        List<string> found = [];
        var text = await page.EvaluateAsync<string>("document.body.innerText");
        // The trail quotes what was stored: keys of words, and whatever the cloud and people said.
        var quotes = name is "audit" or "audit-filtered" or "audit-event";
        found.AddRange(quotes ? [] : ResourceWords.KeysIn(text).Select(key => $"the name of a word: {key}"));
        if (language != "en" && !englishOnly && !quotes)
        {
            found.AddRange(ResourceWords.EnglishIn(text).Select(sentence => $"English: {sentence}"));
        }

        foreach (var (theme, width) in LooksIn(language, name))
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            await page.SetViewportSizeAsync(width, 900);
            found.AddRange((await Axe.FindAsync(page)).Select(line => $"{theme} {width}: {line}"));
        }

        if (Pictures is not null)
        {
            await DrawAsync(page, $"{name}.{language}");
        }

        foreach (var width in (int[])[Phone, 768, 1024, Desk, 1920])
        {
            await page.SetViewportSizeAsync(width, 900);
            if (!await page.EvaluateAsync<bool>("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth"))
            {
                found.Add($"{width}: something sticks out to the side");
            }
        }

        return found;
    }

    // axe-core costs more than all the rest. A language changes words, not structure, and a theme only colours, so in the gate each page is asked in one of
    // the eight looks, by turns: the frame and the controls, which pages share, are seen in all of them.
    static IEnumerable<(ColorScheme Theme, int Width)> LooksIn(string language, string name)
    {
        var every = EveryLook || Pictures is not null;
        var turn = Array.IndexOf(All, name) % 8;
        return from theme in new[] { (Scheme: ColorScheme.Light, Turn: 0), (Scheme: ColorScheme.Dark, Turn: 2) }
               from width in new[] { (Pixels: Desk, Turn: 0), (Pixels: Phone, Turn: 4) }
               where every || turn == theme.Turn + width.Turn + (language == "en" ? 0 : 1)
               select (theme.Scheme, width.Pixels);
    }

    static async Task DrawAsync(IPage page, string name)
    {
        foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            foreach (var width in (int[])[Desk, Phone])
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.EvaluateAsync("scrollTo(0, 0)");
                await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures!, $"{name}.{theme}.{width}.png"), FullPage = true });
            }
        }
    }

    ILocator DeskOf(IPage page, string sample) => page.Locator("section.panel", new() { Has = page.Locator($"h2 a[href='/requests/{samples[sample]}']") });

    // Pages draw a grey shape until what they show is there.
    static async Task WhenShownAsync(IPage page)
    {
        await page.Locator("h1").First.WaitForAsync();
        await Expect(page.Locator("main > .skeleton, .stack > .skeleton")).ToHaveCountAsync(0);
    }

    static async Task AskToLeaveAsync(IPage page)
    {
        await page.Locator("textarea").FillAsync("…");
        await page.Locator("nav a[href='/requests']").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
    }

    static Task SubmitAsync(IPage page) => page.Locator("form.form button[type=submit]").ClickAsync();

    static async Task RuleErrorsAsync(IPage page)
    {
        await page.Locator("input[role=combobox]").Nth(0).FillAsync("Team A");
        await page.Locator("input[role=combobox]").Nth(1).FillAsync(new string('a', 200));
        await SubmitAsync(page);
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
    }

    static async Task CheckRuleAsync(IPage page, string organization, string repository, string target)
    {
        await page.Locator("input[role=combobox]").Nth(0).FillAsync(organization);
        await page.Locator("input[role=combobox]").Nth(1).FillAsync(repository);
        await page.Locator("select").Nth(1).SelectOptionAsync("cn-east-3");
        await page.Locator("input[role=combobox]").Nth(2).FillAsync(target);
        await CheckAsync(page);
    }

    static async Task CheckMirrorAsync(IPage page)
    {
        await page.Locator("input[role=combobox]").FillAsync("2111735");
        await page.Locator("input[type=checkbox]").CheckAsync();
        await CheckAsync(page);
    }

    static async Task CheckAsync(IPage page)
    {
        await page.Locator("textarea").FillAsync("…");
        await page.Locator("form.form .row button[type=button]").ClickAsync();
        await page.Locator("aside pre").First.WaitForAsync();
        await Expect(page.Locator("form.form button[type=submit]")).ToBeEnabledAsync();
    }

    static async Task OpenListAsync(IPage page)
    {
        await page.Locator("input[role=combobox]").Nth(0).ClickAsync();
        await page.Locator("li[role=option]").First.WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Locator("[role=option][aria-selected=true]").WaitForAsync();
    }

    static async Task OpenEventAsync(IPage page)
    {
        await page.Locator("tbody a[href^='/audit/']").First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/audit/[^/]+$"));
        await page.Locator("pre").First.WaitForAsync();
    }
}
