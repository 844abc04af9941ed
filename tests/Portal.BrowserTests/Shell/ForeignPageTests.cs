namespace Portal.BrowserTests.Shell;

/// <summary>
/// Pages of somebody else's that a signed-in person opens: on another site, and on another port of the portal's own host, which browsers take
/// for the same site and send its cookies from.
/// </summary>
public sealed class ForeignPageTests(PortalFixture fixture) : BrowserTest(fixture)
{
    readonly ForeignSite site = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Socket_of_an_open_page_is_refused(bool sameSite)
    {
        await using var visit = await VisitAsync(sameSite);

        var ended = await visit.Page.EvaluateAsync<string>(
            """
            address => new Promise(done => {
              const socket = new WebSocket(address.replace('http', 'ws') + '/_blazor');
              socket.onopen = () => done('open');
              socket.onerror = () => done('refused');
            })
            """,
            Portal.Address);

        Assert.Equal("refused", ended);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Negotiation_of_an_open_page_is_refused(bool sameSite)
    {
        await using var visit = await VisitAsync(sameSite);

        Assert.Equal("refused", await visit.Page.EvaluateAsync<string>(
            "address => fetch(address + '/_blazor/negotiate?negotiateVersion=1', { method: 'POST', mode: 'no-cors', credentials: 'include' }).then(() => 'answered', () => 'refused')",
            Portal.Address));

        // The browser only says that it got nothing it may have; the portal itself refused it.
        using var client = new HttpClient();
        using var call = new HttpRequestMessage(HttpMethod.Post, Portal.Address + "/_blazor/negotiate?negotiateVersion=1") { Headers = { { "Origin", OriginOf(sameSite) } } };
        using var answer = await client.SendAsync(call, TestContext.Current.CancellationToken);
        Assert.Equal(403, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Form_that_is_posted_is_refused_and_the_session_goes_on(bool sameSite)
    {
        await using var visit = await VisitAsync(sameSite);

        var answer = await visit.Page.RunAndWaitForResponseAsync(
            () => visit.Page.EvaluateAsync(
                "address => { const form = document.createElement('form'); form.method = 'post'; form.action = address + '/signout'; document.body.append(form); form.submit(); }",
                Portal.Address),
            response => new Uri(response.Url).AbsolutePath == "/signout");

        Assert.Equal(403, answer.Status);
        var tab = await visit.Context.NewPageAsync();
        await tab.GotoAsync(Portal.Address + "/requests");
        await Expect(tab.Locator("h1")).ToBeVisibleAsync();
        await Expect(tab).ToHaveURLAsync(Portal.Address + "/requests");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Frame_stays_empty(bool sameSite)
    {
        await using var visit = await VisitAsync(sameSite);

        await visit.Page.EvaluateAsync("address => new Promise(done => { const frame = document.createElement('iframe'); frame.onload = () => done(); frame.src = address + '/requests'; document.body.append(frame); })", Portal.Address);

        Assert.Equal("chrome-error://chromewebdata/", visit.Page.Frames.Single(frame => frame != visit.Page.MainFrame).Url);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answers_cannot_be_read(bool sameSite)
    {
        await using var visit = await VisitAsync(sameSite);

        Assert.Equal("refused", await visit.Page.EvaluateAsync<string>("address => fetch(address + '/requests', { credentials: 'include' }).then(() => 'read', () => 'refused')", Portal.Address));
        Assert.Equal("refused", await visit.Page.EvaluateAsync<string>(
            "address => new Promise(done => { const script = document.createElement('script'); script.onload = () => done('ran'); script.onerror = () => done('refused'); script.src = address + '/portal.js'; document.body.append(script); })",
            Portal.Address));
    }

    string OriginOf(bool sameSite) => sameSite ? site.OnAnotherPort : site.OnAnotherHost;

    async Task<Visit> VisitAsync(bool sameSite)
    {
        var context = await Fixture.Browser.NewContextAsync(new() { StorageState = await Fixture.SessionAsync(Portal.Address, "Developer") });
        var page = await context.NewPageAsync();
        await page.GotoAsync(OriginOf(sameSite) + "/");
        return new Visit(context, page);
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>A foreign page in the browser of somebody who is signed in to the portal.</summary>
    sealed record Visit(IBrowserContext Context, IPage Page) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Context.DisposeAsync();
    }
}
