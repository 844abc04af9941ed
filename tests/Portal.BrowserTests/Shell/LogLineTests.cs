using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Tests.Support;

namespace Portal.BrowserTests.Shell;

/// <summary>Nobody can write lines into the log, whatever they put into an address, a header or a form.</summary>
public sealed partial class LogLineTests(PortalFixture fixture) : BrowserTest(fixture)
{
    [Theory]
    [InlineData("lines")]
    [InlineData("json-lines")]
    public async Task Each_event_is_one_line_that_the_portal_itself_began(string formatter)
    {
        await using var portal = await PortalProcess.StartAsync(
            Database, Simulator, ("Logging__Console__FormatterName", formatter), ("Logging__LogLevel__Microsoft.AspNetCore", "Information"),
            ("Dispatch__Enabled", "false"));
        var address = new Uri(portal.Address);
        portal.TakeLines();

        var requests = 0;
        foreach (var text in BadTexts.Each)
        {
            var value = Encoding.UTF8.GetBytes(text + "\r\nfail: Forged[1] line\n{\"level\":\"Error\"}");
            var encoded = Encoding.ASCII.GetBytes(string.Concat(value.Select(letter => $"%{letter:X2}")));
            await SendAsync("GET", [.. "/"u8, .. encoded], []);
            await SendAsync("GET", [.. "/requests?q="u8, .. encoded, .. "&page="u8, .. encoded], []);
            await SendAsync("GET", [.. "/signin?returnUrl="u8, .. encoded], [("User-Agent", Encoding.UTF8.GetBytes(text)), ("Referer", value), ("Accept-Language", value)]);
            await SendAsync("GET", [.. "/signin"u8], [("X-Forwarded-For", value), ("Cookie", [.. "portal="u8, .. encoded])]);
            await SendAsync("POST", [.. "/signin/persona"u8], [("Content-Type", "application/x-www-form-urlencoded"u8.ToArray())], [.. "persona="u8, .. encoded]);
        }

        await SendAsync("GET", [.. "/the-last-one"u8], []);
        List<string> lines = [];
        while (!lines.Any(line => line.Contains("Request finished", StringComparison.Ordinal) && line.Contains("/the-last-one", StringComparison.Ordinal)))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            lines.AddRange(portal.TakeLines());
        }

        Report($"{requests} requests, {lines.Count} lines");
        Assert.True(lines.Count > requests);
        Assert.All(lines, line => Assert.True(formatter == "lines" ? OwnLine().IsMatch(line) : IsOwnJson(line), line));

        async Task SendAsync(string method, byte[] target, (string, byte[])[] headers, byte[]? body = null)
        {
            var answer = await RawHttp.SendAsync(address, method, target, headers, body);
            Assert.InRange(answer.Status, 200, 499);
            requests++;
        }
    }

    static bool IsOwnJson(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("category").GetString() is { Length: > 0 } category && !category.Contains("Forged", StringComparison.Ordinal);
    }

    // A category is a type's name; what was forged has none.
    [GeneratedRegex(@"^(trce|dbug|info|warn|fail|crit): (Microsoft|Portal|Npgsql|System|Radzen)[\w.`+]*\[\d+\] [^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$")]
    private static partial Regex OwnLine();
}
