using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.SignIn;
using Portal.SignIn.OpenIdConnect;
using Portal.Tests.Access;

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

    static ServiceProvider Services(string environment)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureAd:Authority"] = "https://idp.example",
            ["AzureAd:ClientId"] = "portal",
            ["AzureAd:ClientSecret"] = "the-secret-of-the-portal",
            ["SignIn:PublicOrigin"] = "https://portal.example",
        }).Build();
        var place = new NamedEnvironment(environment);
        var services = new ServiceCollection();
        services.AddSingleton<Microsoft.Extensions.Hosting.IHostEnvironment>(place).AddSingleton<IConfiguration>(configuration).AddLogging();
        services.AddSessions(configuration).AddSignIn(configuration, place);
        return services.BuildServiceProvider();
    }
}
