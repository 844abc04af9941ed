using Portal.SignIn;
using Portal.SignIn.OpenIdConnect;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>A provider that is half configured or not safe is refused at the start, and the message names the setting.</summary>
public sealed class ProviderRulesTests
{
    static readonly Dictionary<string, Action<ProviderOptions>> Entra = new()
    {
        ["Instance missing"] = provider => provider.Instance = "",
        ["Instance without encryption"] = provider => provider.Instance = "http://login.example",
        ["Instance with a user"] = provider => provider.Instance = "https://user@login.example",
        ["Instance with a query"] = provider => provider.Instance = "https://login.example/?x=1",
        ["TenantId missing"] = provider => provider.TenantId = "",
        ["TenantId with a path"] = provider => provider.TenantId = "a/../b",
        ["Authority beside Instance"] = provider => provider.Authority = "https://idp.example",
        ["ClientId missing"] = provider => provider.ClientId = "",
        ["ClientSecret missing"] = provider => provider.ClientSecret = "",
        ["ResponseType id_token"] = provider => provider.ResponseType = "id_token",
        ["ResponseType code id_token"] = provider => provider.ResponseType = "code id_token",
        ["TenantId common without AllowedTenants"] = provider => provider.TenantId = "common",
        ["TenantId organizations without AllowedTenants"] = provider => provider.TenantId = "organizations",
        ["TenantId a domain without AllowedTenants"] = provider => provider.TenantId = "contoso.example",
        ["CallbackPath an address"] = provider => provider.CallbackPath = "https://evil.example",
        ["CallbackPath twice"] = provider => provider.CallbackPath = "/signout-backchannel",
        ["CallbackPath the root"] = provider => provider.CallbackPath = "/",
    };

    public static TheoryData<string> Names => [.. Entra.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Provider_that_is_wrong_is_refused_by_the_name_of_its_setting(string name)
    {
        var provider = Right();
        Entra[name](provider);

        var message = string.Join(' ', ProviderRules.Wrong(provider, SignIn(), development: false));

        Assert.Contains(name.Split(' ')[0], message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("portal.example")]
    [InlineData("http://portal.example")]
    [InlineData("https://portal.example/path")]
    [InlineData("https://portal.example/?x=1")]
    public void Public_origin_must_be_an_address_that_browsers_reach_encrypted(string origin) =>
        Assert.Contains("SignIn:PublicOrigin", string.Join(' ', ProviderRules.Wrong(Right(), SignIn(origin), development: false)), StringComparison.Ordinal);

    [Fact]
    public void Allowed_tenants_are_ids() => Assert.Contains(
        "SignIn:AllowedTenants holds 'contoso'", string.Join(' ', ProviderRules.Wrong(Right(), SignIn(tenants: ["contoso"]), development: false)), StringComparison.Ordinal);

    [Theory]
    [InlineData("a/../b")]
    [InlineData("contoso.example?x=1")]
    [InlineData("")]
    public void Tenant_is_an_id_a_domain_or_a_name_also_where_others_are_listed(string tenant)
    {
        var provider = Right();
        provider.TenantId = tenant;

        Assert.Contains(
            "AzureAd:TenantId", string.Join(' ', ProviderRules.Wrong(provider, SignIn(tenants: [HostileProvider.Tenant]), development: false)), StringComparison.Ordinal);
    }

    [Fact]
    public void Providers_that_are_right_are_taken()
    {
        Assert.Empty(ProviderRules.Wrong(Right(), SignIn(), development: false));
        var many = Right();
        many.TenantId = "organizations";
        Assert.Empty(ProviderRules.Wrong(many, SignIn(tenants: [HostileProvider.Tenant]), development: false));
        var other = new ProviderOptions { Authority = "https://idp.example/realms/a", ClientId = "portal", ClientSecret = "s3cret" };
        Assert.Empty(ProviderRules.Wrong(other, SignIn(), development: false));
        var local = new ProviderOptions { Authority = "http://127.0.0.1:5090", ClientId = "portal", ClientSecret = "s3cret" };
        Assert.Empty(ProviderRules.Wrong(local, SignIn("http://127.0.0.1:5080"), development: true));
        Assert.NotEmpty(ProviderRules.Wrong(local, SignIn(), development: false));
    }

    static ProviderOptions Right() => new() { Instance = "https://login.example/", TenantId = HostileProvider.Tenant, ClientId = "portal", ClientSecret = "s3cret" };

    static SignInOptions SignIn(string origin = "https://portal.example", string[]? tenants = null) => new() { PublicOrigin = origin, AllowedTenants = tenants ?? [] };
}
