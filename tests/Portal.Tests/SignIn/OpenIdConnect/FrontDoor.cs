using Microsoft.AspNetCore.DataProtection;
using Portal.Tests.Support;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>One provider and one portal for all tests of a class, whose tests leave nothing behind that another one looks at.</summary>
public sealed class FrontDoor : IAsyncLifetime
{
    internal TestDatabase Database { get; private set; } = null!;

    internal HostileProvider Provider { get; private set; } = null!;

    internal SignInSite Site { get; private set; } = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Opens it for the first test; the others find it open.</summary>
    internal async Task OpenAsync(PostgresFixture postgres)
    {
        if (Site is null)
        {
            Database = await postgres.CreateAsync();
            Provider = await HostileProvider.StartAsync();
            Site = await SignInSite.StartAsync(
                Database, new EphemeralDataProtectionProvider(), new(SignInSite.SettingsFor(Provider)) { ["AzureAd:TimeoutSeconds"] = "5" });
        }

        Site.Clock.By = TimeSpan.Zero;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { Site, Provider, Database }.OfType<IAsyncDisposable>())
        {
            await part.DisposeAsync();
        }
    }
}
