using Microsoft.AspNetCore.DataProtection;
using Portal.Health;
using Portal.SignIn.OpenIdConnect;
using Portal.Tests.Support;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>What the portal believes of what a provider publishes about itself, and how it gets along with changed keys and many tenants.</summary>
public sealed class ProviderMetadataTests(PostgresFixture postgres) : IAsyncLifetime
{
    readonly EphemeralDataProtectionProvider protection = new();
    TestDatabase database = null!;
    HostileProvider provider = null!;

    public async ValueTask InitializeAsync() => (database, provider) = (await postgres.CreateAsync(), await HostileProvider.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        await database.DisposeAsync();
    }

    [Theory]
    [InlineData("issuer", "https://evil.example", "MetadataIssuer")]
    [InlineData("issuer", null, "MetadataIssuer")]
    [InlineData("authorization_endpoint", "http://evil.example/authorize", "MetadataEndpoint")]
    [InlineData("authorization_endpoint", null, "MetadataEndpoint")]
    [InlineData("token_endpoint", "http://evil.example/token", "MetadataEndpoint")]
    [InlineData("token_endpoint", "/token", "MetadataEndpoint")]
    [InlineData("end_session_endpoint", "http://evil.example/end", "MetadataEndpoint")]
    [InlineData("jwks_uri", "http://evil.example/keys", "ProviderNotAvailable")]
    [InlineData("jwks_uri", null, "MetadataEndpoint")]
    public async Task Metadata_that_are_not_the_providers_or_lead_outside_begin_no_sign_in(string member, string? value, string fault)
    {
        provider.Metadata = metadata =>
        {
            metadata.Remove(member);
            if (value is not null)
            {
                metadata[member] = value;
            }
        };
        await using var site = await StartAsync();

        using var visit = await Visit.LeaveAsync(site, provider);

        Assert.Equal($"/signin?refused={fault}", visit.Left);
        Assert.Equal(1, await database.ValueAsync<long>("select count(*) from audit.event where kind = 'login.refused' and doc::text like $1", $"%{fault}%"));
    }

    [Fact]
    public async Task Provider_that_is_away_begins_no_sign_in_and_does_again_when_it_is_back()
    {
        var down = true;
        provider.Metadata = metadata =>
        {
            if (down)
            {
                metadata["issuer"] = "https://maintenance.example";
            }
        };
        var settings = SignInSite.SettingsFor(provider);
        settings["AzureAd:Instance"] = "http://127.0.0.1:1";
        await using (var alone = await SignInSite.StartAsync(database, protection, settings))
        {
            using var visit = await Visit.LeaveAsync(alone, provider);
            Assert.Equal("/signin?refused=ProviderNotAvailable", visit.Left);
        }

        down = false;
        await using var site = await StartAsync();
        using var again = await Visit.LeaveAsync(site, provider);
        Assert.Equal("/requests", (await again.ReturnAsync()).Location);
    }

    [Fact]
    public async Task Provider_that_is_away_is_an_ill_part_and_leaves_the_node_ready()
    {
        var settings = SignInSite.SettingsFor(provider);
        settings["AzureAd:Instance"] = "http://127.0.0.1:1";
        await using var alone = await SignInSite.StartAsync(database, protection, settings);
        await using var site = await StartAsync();

        var ill = Assert.Single(await new ProviderPart(alone.Services).LookAsync(TestContext.Current.CancellationToken));
        var well = Assert.Single(await new ProviderPart(site.Services).LookAsync(TestContext.Current.CancellationToken));

        Assert.Equal(("provider", false, "Health.ProviderAway", SignInFault.ProviderNotAvailable), (ill.Part, ill.IsWell, ill.Finding, Assert.Single(ill.Arguments)));
        Assert.Equal(("provider", true), (well.Part, well.IsWell));
        Assert.False(new ProviderPart(site.Services).IsNeeded);
    }

    [Fact]
    public async Task Issuer_that_changed_while_the_browser_was_away_lets_nobody_in()
    {
        await using var site = await StartAsync();
        using var visit = await Visit.LeaveAsync(site, provider);
        await using var impostor = await HostileProvider.StartAsync();
        await using var other = await SignInSite.StartAsync(database, protection, SignInSite.SettingsFor(impostor));
        visit.Site = other;

        Assert.Equal("/signin?refused=IssuerChanged", (await visit.ReturnAsync()).Location);
    }

    [Fact]
    public async Task First_token_with_a_new_key_is_taken_and_many_unknown_keys_ask_the_provider_no_further()
    {
        await using var site = await StartAsync();
        using (var before = await Visit.LeaveAsync(site, provider))
        {
            Assert.Equal("/requests", (await before.ReturnAsync()).Location);
        }

        provider.ChangeKey("key-2");
        using (var after = await Visit.LeaveAsync(site, provider))
        {
            Assert.Equal("/requests", (await after.ReturnAsync()).Location);
        }

        var asked = provider.MetadataAsked;
        for (var number = 0; number < 20; number++)
        {
            using var visit = await Visit.LeaveAsync(site, provider);
            visit.Token.Header["kid"] = $"unknown-{number}";
            Assert.Equal("/signin?refused=IdTokenKeyUnknown", (await visit.ReturnAsync()).Location);
        }

        Assert.Equal(asked, provider.MetadataAsked);
    }

    [Fact]
    public async Task Key_that_was_taken_back_opens_nothing_once_that_is_known()
    {
        await using var site = await StartAsync();
        using var visit = await Visit.LeaveAsync(site, provider);
        var old = provider.Key;
        provider.ChangeKey("key-2");
        await visit.ReturnAsync();
        await visit.LeaveAsync();
        await visit.ReturnAsync();

        await visit.LeaveAsync();
        visit.Token.Header["kid"] = "key-1";
        visit.Token.Sign = bytes => old.SignData(bytes, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1);

        Assert.Equal("/signin?refused=IdTokenKeyUnknown", (await visit.ReturnAsync()).Location);
    }

    [Fact]
    public async Task Provider_of_many_tenants_lets_in_those_of_the_list()
    {
        await using var site = await StartForManyAsync();
        using var visit = await Visit.LeaveAsync(site, provider);

        Assert.Equal("/requests", (await visit.ReturnAsync()).Location);
        Assert.StartsWith(HostileProvider.Tenant, await visit.WhoAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another tenant", "IdTokenTenantNotAllowed")]
    [InlineData("the key of another tenant", "IdTokenTenantKey")]
    [InlineData("a tenant in iss other than in tid", "IdTokenIssuer")]
    [InlineData("a tenant in the iss parameter other than in the token", "IssuerParameter")]
    public async Task Provider_of_many_tenants_lets_in_nobody_with(string what, string fault)
    {
        await using var site = await StartForManyAsync(key: what == "the key of another tenant" ? HostileProvider.OtherTenant : null);
        using var visit = await Visit.LeaveAsync(site, provider);
        var others = provider.Issuer.Replace(HostileProvider.Tenant, HostileProvider.OtherTenant, StringComparison.Ordinal);
        switch (what)
        {
            case "another tenant":
                visit.Token.Payload["tid"] = HostileProvider.OtherTenant;
                visit.Token.Payload["iss"] = others;
                visit.Set("iss", others);
                break;
            case "a tenant in iss other than in tid":
                visit.Token.Payload["iss"] = others;
                break;
            case "a tenant in the iss parameter other than in the token":
                visit.Set("iss", others);
                break;
        }

        Assert.Equal($"/signin?refused={fault}", (await visit.ReturnAsync()).Location);
    }

    Task<SignInSite> StartAsync() => SignInSite.StartAsync(database, protection, SignInSite.SettingsFor(provider));

    // As Entra ID does for "organizations": the tenant's place is held in the issuer, and each key says whose it is.
    Task<SignInSite> StartForManyAsync(string? key = null)
    {
        provider.Metadata = metadata => metadata["issuer"] = $"{provider.Instance}/{{tenantid}}/v2.0";
        provider.PublishedKey = published => published["issuer"] = $"{provider.Instance}/{key ?? "{tenantid}"}/v2.0";
        var settings = SignInSite.SettingsFor(provider);
        settings["AzureAd:TenantId"] = "organizations";
        settings["SignIn:AllowedTenants:0"] = HostileProvider.Tenant;
        return SignInSite.StartAsync(database, protection, settings);
    }
}
