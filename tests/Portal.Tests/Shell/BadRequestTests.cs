using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tests.Support;

namespace Portal.Tests.Shell;

/// <summary>
/// Every address that the portal has, found from its own list, with values in path, query, form, headers and cookies that programs stumble
/// over: nothing may break, and whatever is refused is refused in words.
/// </summary>
public sealed partial class BadRequestTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    const int Usual = 3200;
    const int AtOnce = 4;

    static readonly string[] Headers =
    [
        "User-Agent", "Accept-Language", "Accept", "Accept-Encoding", "Cookie", "Referer", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "If-None-Match",
        "If-Modified-Since", "Range", "Content-Type", "Origin", "Sec-Fetch-Site", "X-Anything", "traceparent", "RequestVerificationToken", "Authorization", "Forwarded",
    ];

    static readonly string[] Cookies = ["portal", "portal-theme", ".AspNetCore.Culture", ".AspNetCore.Antiforgery.x", "anything"];

    static readonly string[] Fields = ["persona", "returnUrl", "__RequestVerificationToken", "_handler", "anything", ""];

    [Fact]
    public async Task No_request_breaks_the_portal_and_each_refusal_says_why()
    {
        await using var portal = await WebPortal.StartAsync(Database, Cloud, ("Limits:Enabled", "false"));
        var people = new List<Signed> { new("", "") };
        foreach (var persona in (string[])["Developer", "Approver", "Operator", "Auditor", "Administrator"])
        {
            people.Add(await SignInAsync(portal, persona));
        }

        var addresses = AddressesOf(portal);
        Assert.Contains(addresses, address => address.Pattern == "/audit/export.csv");
        Assert.Contains(addresses, address => address.Pattern == "/requests/new/{KindName}");
        Assert.Contains(addresses, address => address.Pattern.StartsWith("/_blazor", StringComparison.Ordinal));
        var total = Usual * BadTexts.Times;
        var trouble = new List<string>();
        var statuses = new SortedDictionary<int, int>();
        await Parallel.ForEachAsync(Enumerable.Range(0, total), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Token }, async (number, _) =>
        {
            var texts = new BadTexts(number);
            var address = addresses[number % addresses.Count];
            var (method, target, headers, body) = Make(texts, address, texts.Pick(people));
            var answer = await RawHttp.SendAsync(new Uri(portal.Address), method, target, headers, body);
            lock (trouble)
            {
                statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
                // The connection of open pages is no place where a person reads.
                var isSilent = answer is { Status: >= 400, IsOfPortal: true, Body: "" } && method != "HEAD" && !address.Pattern.StartsWith("/_blazor", StringComparison.Ordinal);
                if (answer.Status is 0 or >= 500 || isSilent)
                {
                    trouble.Add($"{number}: {method} {Shown(target)}: {answer.Status} {(answer.Body.Length > 300 ? answer.Body[..300] : answer.Body)}");
                }
            }
        });

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"seed {new BadTexts(0).Seed}, {total} requests to {addresses.Count} addresses: {string.Join(", ", statuses.Select(status => $"{status.Key}: {status.Value}"))}");
        Assert.True(trouble.Count == 0, string.Join('\n', trouble.Take(40)));
        Assert.True(portal.Errors.Count == 0, string.Join('\n', portal.Errors.Take(20)));

        // And it works on.
        using var browser = await portal.SignInAsync("Auditor");
        using var page = await browser.GetAsync(new Uri("/audit/export.csv", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    static (string Method, byte[] Target, List<(string, byte[])> Headers, byte[]? Body) Make(BadTexts texts, Address address, Signed who)
    {
        var method = texts.Below(8) == 0 ? texts.Pick(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"]) : address.Methods[texts.Below(address.Methods.Count)];
        var path = Parameter().Replace(address.Pattern, _ => texts.Below(3) == 0 ? texts.Pick(address.Fitting) : Encode(texts.Bytes(texts.Next())));
        var query = string.Join('&', Enumerable.Range(0, texts.Below(4)).Select(_ =>
            (texts.Below(6) == 0 ? Encode(texts.Bytes(texts.Next())) : texts.Pick(QueryNames)) + "=" + (texts.Below(10) == 0 ? texts.Pick(address.Fitting) : Encode(texts.Bytes(texts.Next())))));
        var target = Encoding.ASCII.GetBytes(Cut(path + (query.Length == 0 ? "" : "?" + query), 8000));
        if (texts.Below(25) == 0)
        {
            target = [.. target, .. texts.Bytes(texts.Next()).Take(200).Where(letter => letter is not ((byte)' ' or (byte)'\r' or (byte)'\n'))];
        }

        List<(string, byte[])> headers = [.. Enumerable.Range(0, texts.Below(3)).Select(_ => (texts.Pick(Headers), Short(texts.Bytes(texts.Next()))))];
        if (who.Cookies.Length > 0 && texts.Below(12) > 0)
        {
            headers.Add(("Cookie", Encoding.ASCII.GetBytes(who.Cookies)));
        }
        else if (texts.Below(2) == 0)
        {
            headers.Add(("Cookie", [.. Encoding.ASCII.GetBytes(texts.Pick(Cookies) + "="), .. Short(texts.Bytes(texts.Next()))]));
        }

        if (method is not ("POST" or "PUT" or "PATCH" or "DELETE"))
        {
            return (method, target, headers, null);
        }

        var form = string.Join('&', Enumerable.Range(0, texts.Below(5)).Select(_ => texts.Pick(Fields) + "=" + Encode(texts.Bytes(texts.Next()))));
        if (texts.Below(2) == 0)
        {
            form += "&__RequestVerificationToken=" + Uri.EscapeDataString(who.Token);
        }

        headers.Add(("Content-Type", Encoding.ASCII.GetBytes(texts.Pick(["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "text/plain", "multipart/form-data"]))));
        return (method, target, headers, texts.Below(5) == 0 ? texts.Bytes(texts.Next()) : Encoding.ASCII.GetBytes(form));
    }

    static IReadOnlyList<string> QueryNames { get; } =
    [
        .. typeof(PortalServices).Assembly.GetTypes().SelectMany(type => type.GetProperties())
            .Select(property => property.GetCustomAttribute<SupplyParameterFromQueryAttribute>() is { } from ? from.Name ?? property.Name : null).OfType<string>(),
        "q", "person", "event", "status", "jid", "from", "to", "page", "upto", "culture", "theme", "returnUrl", "id", "negotiateVersion", "ui-culture",
    ];

    static List<Address> AddressesOf(WebPortal portal) =>
    [
        .. portal.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => !endpoint.Metadata.Any(data => data.GetType().Name.Contains("StaticAsset", StringComparison.Ordinal)) || endpoint.RoutePattern.RawText == "portal.css")
            .Select(endpoint => new Address(
                "/" + endpoint.RoutePattern.RawText!.TrimStart('/'),
                endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? [.. methods] : ["GET", "POST"],
                endpoint.RoutePattern.Parameters.Any(IsGuid) ? [Guid.Empty.ToString(), "0199aaaa-0000-7000-8000-000000000000"] : ["keep-copying", "copy-tags", "1"])),
    ];

    static bool IsGuid(RoutePatternParameterPart part) => part.ParameterPolicies.Any(policy => policy.Content == "guid");

    static async Task<Signed> SignInAsync(WebPortal portal, string persona)
    {
        using var browser = portal.Browser();
        var token = await WebPortal.TokenAsync(browser);
        using var form = new FormUrlEncodedContent([new("persona", persona), new("__RequestVerificationToken", token)]);
        using var page = await browser.GetAsync(new Uri("/signin", UriKind.Relative), Token);
        using var answer = await browser.PostAsync(new Uri("/signin/persona", UriKind.Relative), form, Token);
        var cookies = answer.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]);
        return new Signed(string.Join("; ", cookies), token);
    }

    static string Encode(byte[] bytes) => string.Concat(bytes.Take(6000).Select(letter => char.IsAsciiLetterOrDigit((char)letter) ? ((char)letter).ToString() : $"%{letter:X2}"));

    static byte[] Short(byte[] bytes) => [.. bytes.Take(4000)];

    static string Cut(string text, int longest) => text.Length > longest ? text[..longest] : text;

    static string Shown(byte[] target) => Cut(Encoding.Latin1.GetString(target), 200);

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    sealed record Address(string Pattern, IReadOnlyList<string> Methods, IReadOnlyList<string> Fitting);

    sealed record Signed(string Cookies, string Token);
}
