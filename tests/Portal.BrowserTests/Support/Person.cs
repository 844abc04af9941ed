using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Portal.BrowserTests.Support;

/// <summary>
/// Somebody at a browser of their own, and everything that went wrong in it: errors in the console, failed requests, requests that leave
/// the portal's host, and icon or text fonts, which the portal does not use.
/// </summary>
public sealed partial class Person : IAsyncDisposable
{
    /// <summary>Milliseconds that a wait may take. It ends when what it waits for is there; the limit is for machines that do much else.</summary>
    public const int Patience = 40_000;

    readonly ConcurrentQueue<string> trouble = new();
    readonly IBrowserContext context;
    readonly string address;
    readonly string? provider;

    Person(IBrowserContext context, IPage page, string address, string? provider)
    {
        (this.context, Page, this.address, this.provider) = (context, page, address, provider);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                trouble.Enqueue($"console {message.Type}: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => trouble.Enqueue($"script error: {error}");
        page.Request += (_, request) => Look(request);
        page.RequestFailed += (_, request) =>
        {
            // A page that is left gives up what it was still asking for.
            if (request.Failure != "net::ERR_ABORTED")
            {
                trouble.Enqueue($"failed: {request.Method} {request.Url}: {request.Failure}");
            }
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                trouble.Enqueue($"answered {response.Status}: {response.Request.Method} {response.Url}");
            }
        };
    }

    /// <summary>The page that they look at.</summary>
    public IPage Page { get; }

    /// <summary>Everything that went wrong so far, and forgets it.</summary>
    public IReadOnlyList<string> TakeTrouble()
    {
        List<string> taken = [];
        while (trouble.TryDequeue(out var line))
        {
            taken.Add(line);
        }

        return taken;
    }

    /// <summary>
    /// Opens a browser context; the language is the browser's, the session that of an earlier sign-in or none, and the provider the only other
    /// place that they may come to.
    /// </summary>
    public static async Task<Person> ArriveAsync(IBrowser browser, string address, string language = "en", string? session = null, string? provider = null)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = address,
            Locale = language,
            StorageState = session,
            ViewportSize = new() { Width = 1440, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
            IgnoreHTTPSErrors = address.StartsWith("https:", StringComparison.Ordinal),
        });
        context.SetDefaultTimeout(Patience);
        return new Person(context, await context.NewPageAsync(), address, provider);
    }

    /// <summary>Signs in with the persona's button and comes to the page.</summary>
    public async Task<Person> SignInAsync(string persona, string path = "/")
    {
        await Page.GotoAsync($"/signin?returnUrl={Uri.EscapeDataString(path)}");
        // The stable name of the button; its text follows the language.
        await Page.Locator($"button[name=persona][value={persona}]").ClickAsync();
        await Page.Locator("h1").WaitForAsync();
        return this;
    }

    void Look(IRequest request)
    {
        var url = new Uri(request.Url);
        if (url.Scheme is "http" or "https" && url.GetLeftPart(UriPartial.Authority) is var origin && origin != address && origin != provider)
        {
            trouble.Enqueue($"left the portal: {request.Url}");
        }

        if (request.ResourceType == "font" || FontFile().IsMatch(url.AbsolutePath))
        {
            trouble.Enqueue($"a font: {request.Url}");
        }
    }

    [GeneratedRegex(@"\.(woff2?|ttf|otf|eot)$", RegexOptions.IgnoreCase)]
    private static partial Regex FontFile();

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
