using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Access;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>Sign-in through a provider, as Microsoft.Identity.Web would add it: the same section, the same scheme names.</summary>
public static class OpenIdConnectFeature
{
    /// <summary>In bytes: metadata, keys and tokens are far smaller.</summary>
    const int LongestAnswer = 1024 * 1024;

    /// <summary>
    /// Adds the provider of a section <c>AzureAd</c>; nothing while that is empty. <c>auth.AddMicrosoftIdentityWebApp(section)</c> can take its place.
    /// </summary>
    public static AuthenticationBuilder AddPortalEntra(this AuthenticationBuilder authentication, IConfigurationSection section, IHostEnvironment environment)
    {
        var services = authentication.Services;
        services.AddOptions<ProviderOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProviderOptions>, ProviderRules>();
        if (!(section.Get<ProviderOptions>() ?? new()).IsConfigured)
        {
            return authentication;
        }

        services.TryAddSingleton<Egress>();
        services.AddSingleton<ProviderMetadata>().AddSingleton<StateSeal>().AddSingleton<TokenExchange>();
        services.AddHttpClient(ProviderMetadata.Client)
            .ConfigureHttpClient((provider, client) =>
            {
                client.Timeout = TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<ProviderOptions>>().Value.TimeoutSeconds);
                client.MaxResponseContentBufferSize = LongestAnswer;
            })
            // The framework's own log would write addresses with what they carry.
            .RemoveAllLoggers()
            .UseSocketsHttpHandler((handler, provider) =>
            {
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.UseProxy = !provider.GetRequiredService<IOptions<ProviderOptions>>().Value.IsLoopback;
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
                var hosts = provider.GetRequiredService<IOptions<SignInOptions>>().Value.ProviderHosts;
                var own = new Uri(provider.GetRequiredService<IOptions<ProviderOptions>>().Value.Issuer).IdnHost;
                provider.GetRequiredService<Egress>().Restrict(handler, host => host == own || hosts.Contains(host, StringComparer.OrdinalIgnoreCase));
            });
        authentication.AddRemoteScheme<OpenIdConnectSchemeOptions, OpenIdConnectHandler>(OpenIdConnectHandler.Name, null, _ => { });
        services.AddOptions<OpenIdConnectSchemeOptions>(OpenIdConnectHandler.Name)
            .Configure<IOptions<ProviderOptions>>((scheme, provider) => Set(scheme, provider.Value, environment));
        return authentication;
    }

    static void Set(OpenIdConnectSchemeOptions scheme, ProviderOptions provider, IHostEnvironment environment)
    {
        scheme.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        scheme.CallbackPath = provider.CallbackPath;
        scheme.RemoteAuthenticationTimeout = SignInState.Valid;
        scheme.CorrelationCookie.Name = environment.IsDevelopment() ? "portal-signin." : "__Host-portal-signin.";
        scheme.CorrelationCookie.Path = "/";
        // The provider's form post comes from another site, so the cookie must too; browsers take such cookies only encrypted. A provider on
        // this machine is the same site.
        (scheme.CorrelationCookie.SameSite, scheme.CorrelationCookie.SecurePolicy) = environment.IsDevelopment() && provider.IsLoopback
            ? (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest)
            : (SameSiteMode.None, CookieSecurePolicy.Always);
    }
}
