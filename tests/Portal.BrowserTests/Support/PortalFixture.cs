using System.Collections.Concurrent;
using Portal.Tests.Support;

[assembly: AssemblyFixture(typeof(PortalFixture))]

namespace Portal.BrowserTests.Support;

/// <summary>
/// One browser, and one portal with its cloud for all tests that need none of their own. Those tests share the sample data, so each has
/// targets that no other test uses, and scripts faults for these only.
/// </summary>
public sealed class PortalFixture : IAsyncLifetime
{
    readonly ConcurrentDictionary<(string Portal, string Persona), Task<string>> sessions = new();
    IPlaywright? playwright;

    /// <summary>The browser; every person gets a context of their own in it.</summary>
    public IBrowser Browser { get; private set; } = null!;

    /// <summary>The shared database.</summary>
    public PortalDatabase Database { get; private set; } = null!;

    /// <summary>The shared cloud.</summary>
    public SimulatorProcess Simulator { get; private set; } = null!;

    /// <summary>The shared portal.</summary>
    public PortalProcess Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var chromium = Programs.Required("PORTAL_TEST_CHROMIUM");
        var database = PortalDatabase.CreateAsync();
        var simulator = SimulatorProcess.StartAsync("--Simulator:JobSeconds=0", "--Simulator:MirrorSeconds=0");
        Assertions.SetDefaultExpectTimeout(Person.Patience);
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
        (Database, Simulator) = (await database, await simulator);
        Portal = await PortalProcess.StartAsync(Database, Simulator);
    }

    /// <summary>What a browser keeps of a sign-in through the page: everybody who signs in as the same persona later gets in with it.</summary>
    public Task<string> SessionAsync(string portal, string persona) => sessions.GetOrAdd((portal, persona), async key =>
    {
        await using var person = await Person.ArriveAsync(Browser, key.Portal);
        await person.SignInAsync(key.Persona);
        return await person.Page.Context.StorageStateAsync();
    });

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        playwright?.Dispose();
        foreach (var part in new IAsyncDisposable?[] { Portal, Simulator, Database }.OfType<IAsyncDisposable>())
        {
            await part.DisposeAsync();
        }
    }
}
