using System.Text.RegularExpressions;
using Portal.Tests.Support;

namespace Portal.BrowserTests.Requests;

/// <summary>
/// Texts that programs stumble over, in every field of every page (found from the page) and in every query name that pages read, in a
/// browser. The page they are typed into goes on, and so does that of somebody else who looks on all the while.
/// </summary>
public sealed class BadInputPageTests(PortalFixture fixture) : BrowserTest(fixture)
{
    const int TextsForPlace = 2;
    static readonly Regex NewRequest = new("^(New request|Requests are for developers and approvers)$");

    [Fact]
    public async Task No_text_breaks_a_page_or_disturbs_anybody_else()
    {
        await using var portal = await PortalProcess.StartAsync(Database, Simulator, ("Dispatch__Enabled", "false"), ("Requests__MirrorPasswords", "Sealed"));
        await using var other = await ArriveAsync(portal, "Approver", "/requests/new/keep-copying");
        var request = await SubmitAsync(portal);
        var texts = new BadTexts(place: 7);
        var (typed, asked) = (0, 0);
        foreach (var (persona, paths) in new (string, string[])[]
        {
            ("Developer", ["/requests?q=&state=&page=", "/requests/new/keep-copying?from=", "/requests/new/copy-tags?from=", "/requests/new/stop-copying", "/requests/new/sync-mirror", $"/requests/{request}", "/"]),
            ("Approver", ["/approvals", $"/approvals/{request}"]),
            ("Auditor", ["/audit?q=&person=&event=&status=&jid=&from=&to=&page=&upto="]),
            ("Operator", ["/operations", "/outcomes"]),
            ("Administrator", ["/people?q=&which=&page=", "/people/person?id=", "/account"]),
        })
        {
            await using var person = await ArriveAsync(portal, persona, "/");
            foreach (var path in paths)
            {
                var place = path.Split('?')[0];
                asked += await AskAsync(portal, person.Page, place, path.Contains('?', StringComparison.Ordinal) ? path.Split('?')[1].Split('&') : [], texts);
                await person.Page.GotoAsync(place);
                await person.Page.Locator("h1").First.WaitForAsync();
                typed += await TypeAsync(person.Page, texts);
                await PressAsync(person.Page);
                await AliveAsync(portal, person.Page, $"{persona} at {path}");
            }

            // Somebody else's page still answers.
            await other.Page.Field("Organization").FillAsync("Not-A-Name");
            await Expect(other.Page.Problem("Organization")).ToBeVisibleAsync();
            await other.Page.Field("Organization").FillAsync("team-a");
            await Expect(other.Page.Problem("Organization")).ToHaveCountAsync(0);
            // The browser's own word about a date or a number that is none, and that nobody has no page.
            var trouble = person.TakeTrouble().Where(line => !line.StartsWith("console warning: The specified value", StringComparison.Ordinal)
                && !(line.Contains("/people/person", StringComparison.Ordinal) && line.Contains("404", StringComparison.Ordinal))).ToList();
            Assert.True(trouble.Count == 0, string.Join('\n', trouble.Take(3).Concat(portal.TakeErrors().Take(3))));
        }

        Report($"seed {texts.Seed}, {typed} texts typed, {asked} in addresses");
        Assert.True(typed > 150, $"Only {typed} texts were typed.");
        Assert.Empty(other.TakeTrouble());
        Assert.Empty(portal.TakeErrors());
    }

    // What is in the address is read by the page that is open: faster than loading it each time, and the way links inside the portal work.
    static async Task<int> AskAsync(PortalProcess portal, IPage page, string place, string[] names, BadTexts texts)
    {
        var asked = 0;
        foreach (var name in names)
        {
            foreach (var text in BadTexts.Always.Concat(Next(texts)))
            {
                await page.EvaluateAsync(
                    "address => Blazor.navigateTo(address)", $"{place}?{name}{string.Concat(texts.Bytes(text.Length > 2000 ? text[..2000] : text).Select(letter => $"%{letter:X2}"))}");
                asked++;
            }

            await AliveAsync(portal, page, $"{place}?{name}");
        }

        return asked;
    }

    static async Task<int> TypeAsync(IPage page, BadTexts texts)
    {
        var typed = 0;
        var count = await page.EvaluateAsync<int>("document.querySelectorAll('main input:not([type=checkbox]):not([type=radio]), main textarea, main select').length");
        for (var field = 0; field < count; field++)
        {
            // One message to the server is at most 32 KB; what is longer ends the page of whoever sent it, which a field's own limit prevents.
            string[] values = [.. BadTexts.Always.Concat(Next(texts)).Select(text => text.Length > 5000 ? text[..5000] : text)];
            typed += values.Length;
            await page.EvaluateAsync(
                """
                async ([at, values]) => {
                  for (const value of values) {
                    const box = document.querySelectorAll('main input:not([type=checkbox]):not([type=radio]), main textarea, main select')[at];
                    if (!box) return;
                    if (box.tagName === 'SELECT') box.add(new Option(value, value));
                    box.dispatchEvent(new Event('focusin', { bubbles: true }));
                    box.value = value;
                    box.dispatchEvent(new Event('input', { bubbles: true }));
                    box.dispatchEvent(new Event('change', { bubbles: true }));
                    await new Promise(done => setTimeout(done));
                  }
                }
                """,
                new object[] { field, values });
        }

        return typed;
    }

    static IEnumerable<string> Next(BadTexts texts) => Enumerable.Range(0, TextsForPlace * BadTexts.Times).Select(_ => texts.Next());

    // Whatever is there to press in a form, with what is filled in now.
    static async Task PressAsync(IPage page)
    {
        // By script, so that nothing waits for a button that what was pressed before has taken away or keeps busy.
        await page.EvaluateAsync("document.querySelectorAll('main form button, main .decide button').forEach(button => button.click())");
        if (await page.Locator(".rz-dialog").CountAsync() > 0)
        {
            await page.Keyboard.PressAsync("Escape");
        }
    }

    static async Task AliveAsync(PortalProcess portal, IPage page, string where)
    {
        try
        {
            // What was typed and pressed before may still lead the page elsewhere, after this.
            for (var time = 1; new Uri(page.Url).AbsolutePath != "/requests/new"; time++)
            {
                Assert.True(time <= 200, $"The page does not go on: {where}");
                await page.EvaluateAsync("Blazor.navigateTo('/requests/new')");
                await page.EvaluateAsync("new Promise(done => setTimeout(done, 100))");
            }

            // The page has worked off all that came before when it shows what is there.
            await Expect(page.Locator("main h1", new() { HasTextRegex = NewRequest })).ToBeVisibleAsync();
        }
        catch (Exception failure) when (failure is TimeoutException or PlaywrightException)
        {
            Assert.Fail($"The page is gone: {where}\n{await page.Locator("body").InnerTextAsync()}\n{string.Join('\n', portal.TakeLines().TakeLast(10))}");
        }

        Assert.False(await page.Locator("#blazor-error-ui").IsVisibleAsync(), $"The page broke: {where}");
        if (await page.GetByText("Something went wrong").CountAsync() > 0)
        {
            Assert.Fail($"The page shows a fault: {where}\n{string.Join('\n', portal.TakeErrors())}");
        }
    }

    async Task<Guid> SubmitAsync(PortalProcess portal)
    {
        await using var developer = await ArriveAsync(portal, "Developer", "/");
        await developer.Page.FillMirrorAsync(2111737, "Bad inputs");
        return await developer.Page.SubmitAsync();
    }

    async Task<Person> ArriveAsync(PortalProcess portal, string persona, string path)
    {
        var person = await Person.ArriveAsync(Fixture.Browser, portal.Address, session: await Fixture.SessionAsync(portal.Address, persona));
        await person.Page.GotoAsync(path);
        await person.Page.Locator("h1").First.WaitForAsync();
        return person;
    }
}
