using Microsoft.AspNetCore.DataProtection;
using Portal.Tests.Support;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>A test with a portal that asks a provider of the test's own, over HTTP, for who somebody is.</summary>
public abstract class SignInTest(PostgresFixture postgres) : IAsyncLifetime
{
    readonly EphemeralDataProtectionProvider protection = new();

    /// <summary>The portal's database.</summary>
    internal TestDatabase Database { get; private set; } = null!;

    /// <summary>What vouches for people.</summary>
    internal HostileProvider Provider { get; private set; } = null!;

    /// <summary>The portal.</summary>
    internal SignInSite Site { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (Database, Provider) = (await postgres.CreateAsync(), await HostileProvider.StartAsync());
        Site = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await Provider.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>One more node of the same portal.</summary>
    internal Task<SignInSite> StartAsync() => SignInSite.StartAsync(Database, protection, SignInSite.SettingsFor(Provider));
}
