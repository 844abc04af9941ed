using System.Globalization;
using System.Net;
using Portal.Access;
using Portal.Audit;
using Portal.Tests.Support;

namespace Portal.Tests.Shell;

/// <summary>What browsers are told when they ask too often, by real HTTP.</summary>
public sealed class LimitedPathsTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    WebPortal? portal;

    [Theory]
    [InlineData("/signin/persona", "SignIn")]
    [InlineData("/signin/anything/below", "SignIn")]
    [InlineData("/SignIn-OIDC", "Callback")]
    [InlineData("/signout-backchannel", "BackChannelLogout")]
    public async Task Address_that_asks_too_often_is_told_when_to_come_back(string path, string limit)
    {
        await StartAsync((limit, 2));
        using var browser = portal!.Browser();
        using var ask = new StringContent("");

        Assert.NotEqual(429, await StatusAsync(await browser.PostAsync(new Uri(path, UriKind.Relative), ask, Token)));
        Assert.NotEqual(429, await StatusAsync(await browser.GetAsync(new Uri(path, UriKind.Relative), Token)));
        for (var time = 0; time < 3; time++)
        {
            using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), Token);
            await RefusedAsync(answer);
        }

        var row = Assert.Single(await Node.AloneAsync(), row => row.Kind == AuditKind.AccessLimited);
        Assert.Equal("unknown", row.ActorId);
        Assert.Contains("\"address\": \"127.0.0.1\"", row.Doc, StringComparison.Ordinal);

        // Looking at the sign-in page is not a try to sign in.
        Assert.Equal(200, await StatusAsync(await browser.GetAsync(new Uri("/signin", UriKind.Relative), Token)));
    }

    [Fact]
    public async Task Person_who_opens_pages_too_often_is_refused_and_others_are_not()
    {
        await StartAsync(("Connect", 2));
        using var developer = await portal!.SignInAsync("Developer");
        using var elsewhere = await portal.SignInAsync("Developer");
        using var approver = await portal.SignInAsync("Approver");

        Assert.Equal(200, await ConnectAsync(developer));
        Assert.Equal(200, await ConnectAsync(elsewhere));
        Assert.Equal(429, await ConnectAsync(developer));
        Assert.Equal(429, await ConnectAsync(elsewhere));
        Assert.Equal(200, await ConnectAsync(approver));

        // Without negotiating first it is the same wish.
        Assert.Equal(429, await StatusAsync(await developer.GetAsync(new Uri("/_blazor", UriKind.Relative), Token)));
    }

    [Fact]
    public async Task Person_who_exports_too_often_is_refused_in_their_language()
    {
        await StartAsync(("AuditExport", 1));
        using var auditor = await portal!.SignInAsync("Auditor");
        auditor.DefaultRequestHeaders.Add("Accept-Language", "zh-CN");

        Assert.Equal(200, await StatusAsync(await auditor.GetAsync(new Uri("/audit/export.csv", UriKind.Relative), Token)));
        using var answer = await auditor.GetAsync(new Uri("/audit/export.jsonl", UriKind.Relative), Token);

        Assert.Contains("操作过于频繁：60 分钟内最多 1 次", await RefusedAsync(answer), StringComparison.Ordinal);
    }

    async Task StartAsync(params (string Limit, int Permits)[] permits) => portal = await WebPortal.StartAsync(
        Database, Cloud, [.. permits.Select(limit => ($"Limits:{limit.Limit}:Permits", limit.Permits.ToString(CultureInfo.InvariantCulture)))]);

    static async Task<int> ConnectAsync(HttpClient browser)
    {
        using var nothing = new StringContent("");
        return await StatusAsync(await browser.PostAsync(new Uri("/_blazor/negotiate?negotiateVersion=1", UriKind.Relative), nothing, Token));
    }

    static Task<int> StatusAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            return Task.FromResult((int)answer.StatusCode);
        }
    }

    static async Task<string> RefusedAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), RateLimit.AuditExport.Window);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.NotEmpty(text);
        return text;
    }

    protected override async ValueTask EndAsync()
    {
        if (portal is not null)
        {
            Assert.Empty(portal.Errors);
            await portal.DisposeAsync();
        }
    }
}
