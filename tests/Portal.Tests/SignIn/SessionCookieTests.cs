using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.SignIn;
using Portal.SignIn.OpenIdConnect;
using Portal.Tests.Access;
using Portal.Tests.SignIn.OpenIdConnect;

namespace Portal.Tests.SignIn;

/// <summary>What browsers are told of the cookies of a sign-in where people work.</summary>
public sealed class SessionCookieTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public void Cookie_is_for_this_host_alone_encrypted_and_out_of_reach_of_scripts(string environment)
    {
        using var services = Services(environment);

        var cookie = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme).Cookie;

        Assert.Equal(
            ("__Host-portal", CookieSecurePolicy.Always, SameSiteMode.Lax, true, "/", null),
            (cookie.Name, cookie.SecurePolicy, cookie.SameSite, cookie.HttpOnly, cookie.Path, cookie.Domain));
    }

    [Fact]
    public void Cookie_of_the_way_to_the_provider_comes_back_with_its_post_and_is_as_closed_otherwise()
    {
        using var services = Services("Production");

        var cookie = services.GetRequiredService<IOptionsMonitor<OpenIdConnectSchemeOptions>>().Get(OpenIdConnectHandler.Name).CorrelationCookie;

        Assert.Equal(
            ("__Host-portal-signin.", CookieSecurePolicy.Always, SameSiteMode.None, true, "/", null),
            (cookie.Name, cookie.SecurePolicy, cookie.SameSite, cookie.HttpOnly, cookie.Path, cookie.Domain));
    }

    [Theory]
    [InlineData("", "", "https://idp.example", "https://idp.example")]
    [InlineData("https://login.example/", HostileProvider.Tenant, "", "https://login.example/" + HostileProvider.Tenant + "/v2.0")]
    [InlineData("https://login.example/", "organizations", "", "https://login.example/" + HostileProvider.Tenant + "/v2.0")]
    public void Only_the_providers_of_the_settings_vouch_for_people(string instance, string tenant, string authority, string issuer)
    {
        using var services = Services("Production", new()
        {
            ["AzureAd:Instance"] = instance,
            ["AzureAd:TenantId"] = tenant,
            ["AzureAd:Authority"] = authority,
            ["SignIn:AllowedTenants:0"] = HostileProvider.Tenant,
        });

        var trusted = services.GetRequiredService<TrustedIssuers>();

        Assert.False(trusted.Personas);
        Assert.Equal([issuer], trusted.Providers);
    }

    [Fact]
    public void Nobody_vouches_for_people_where_nothing_is_configured()
    {
        using var services = Services("Production", new() { ["AzureAd:Authority"] = "", ["AzureAd:ClientId"] = "" });

        var trusted = services.GetRequiredService<TrustedIssuers>();

        Assert.False(trusted.Personas);
        Assert.Empty(trusted.Providers);
    }

    static ServiceProvider Services(string environment, Dictionary<string, string?>? further = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureAd:Authority"] = "https://idp.example",
            ["AzureAd:ClientId"] = "portal",
            ["AzureAd:ClientSecret"] = "the-secret-of-the-portal",
            ["SignIn:PublicOrigin"] = "https://portal.example",
        }).AddInMemoryCollection(further).Build();
        var place = new NamedEnvironment(environment);
        var services = new ServiceCollection();
        services.AddSingleton<Microsoft.Extensions.Hosting.IHostEnvironment>(place).AddSingleton<IConfiguration>(configuration).AddLogging();
        services.AddSessions(configuration).AddSignIn(configuration, place);
        return services.BuildServiceProvider();
    }
}
