using System.Net;

namespace Portal.BrowserTests.Shell;

/// <summary>What a proxy says of the browser behind it is believed only where the settings name the proxy.</summary>
public sealed class ProxyTests(PortalFixture fixture) : BrowserTest(fixture)
{
    [Fact]
    public async Task Unknown_proxy_is_not_believed()
    {
        using var answer = await AskAsync(Portal.Address);

        Assert.False(answer.Headers.Contains("Strict-Transport-Security"), "It believed that the request came encrypted.");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    public async Task Known_proxy_is_believed(string proxy)
    {
        await using var portal = await PortalProcess.StartAsync(Database, Simulator, ("Proxies__0", proxy), ("Dispatch__Enabled", "false"));
        using var answer = await AskAsync(portal.Address);

        Assert.Equal("max-age=31536000; includeSubDomains", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        await using var person = await Person.ArriveAsync(Fixture.Browser, portal.Address);
        await person.Page.Context.SetExtraHTTPHeadersAsync([KeyValuePair.Create("X-Forwarded-For", "203.0.113.9")]);
        await person.Page.GotoAsync("/signin");
        var refused = await person.Page.RunAndWaitForResponseAsync(
            () => person.Page.Locator("button[name=persona][value=Developer]").ClickAsync(), response => response.Url.EndsWith("/signin/persona", StringComparison.Ordinal));
        Assert.Equal((int)HttpStatusCode.NotFound, refused.Status);
        person.TakeTrouble();
    }

    [Fact]
    public async Task Proxy_that_is_no_address_is_refused_at_the_start()
    {
        var (exitCode, output) = await PortalProcess.RunToEndAsync(
            Database, ("ASPNETCORE_ENVIRONMENT", "Production"), ("Logging__Console__FormatterName", "lines"), ("Proxies__0", "proxy.example.com"), ("Huawei__AccessKey", "A"), ("Huawei__SecretKey", "B"));

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Proxies holds 'proxy.example.com'", output, StringComparison.Ordinal);
    }

    static async Task<HttpResponseMessage> AskAsync(string address)
    {
        using var client = new HttpClient();
        using var call = new HttpRequestMessage(HttpMethod.Get, address + "/signin") { Headers = { { "X-Forwarded-Proto", "https" } } };
        return await client.SendAsync(call, TestContext.Current.CancellationToken);
    }
}
