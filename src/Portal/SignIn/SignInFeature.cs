using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.SignIn.OpenIdConnect;

namespace Portal.SignIn;

/// <summary>Sign-in by cookie, under the scheme names that Microsoft.Identity.Web uses, so that it can take the provider's place.</summary>
public static class SignInFeature
{
    /// <summary>Adds who may act: sessions and their settings. Needs no browser.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SessionLimits>().Bind(configuration.GetSection("Sessions")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<SignInOptions>>(new RoleRules(configuration));
        services.AddOptions<SignInOptions>().Bind(configuration.GetSection(SignInOptions.Section)).ValidateOnStart();
        services.AddSingleton(IssuersOf);
        return services.AddSingleton<Sessions>().AddSingleton<RoleGivers>().AddSingleton<SessionService>().AddSingleton<UsedOnce>();
    }

    /// <summary>Adds the cookie scheme, the provider where one is configured, the current person of a page, and the watch over open pages.</summary>
    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie()
            .AddPortalEntra(configuration.GetSection(ProviderOptions.Section), environment);
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<IOptions<SessionLimits>>((cookie, sessions) => Set(cookie, sessions.Value, environment));
        services.AddScoped<SessionCookie>();
        services.AddAuthorizationBuilder().SetFallbackPolicy(null);
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, SessionWatch>();
        services.TryAddEnumerable(ServiceDescriptor.Scoped<CircuitHandler, SessionActivity>());
        services.AddSingleton<PageConnections>().AddScoped<OpenPage>().AddScoped<CurrentActor>();
        return services;
    }

    static TrustedIssuers IssuersOf(IServiceProvider services)
    {
        var provider = services.GetRequiredService<IOptions<ProviderOptions>>().Value;
        return new(
            services.GetRequiredService<IConfiguration>().GetValue<bool>(Personas.Setting),
            provider.IsConfigured ? provider.Issuers(services.GetRequiredService<IOptions<SignInOptions>>().Value) : []);
    }

    static void Set(CookieAuthenticationOptions cookie, SessionLimits sessions, IHostEnvironment environment)
    {
        // The prefix makes browsers refuse it from other host names and without encryption; a portal on one's own machine has none (RFC 6265bis).
        (cookie.Cookie.Name, cookie.Cookie.SecurePolicy) = environment.IsDevelopment() ? ("portal", CookieSecurePolicy.SameAsRequest) : ("__Host-portal", CookieSecurePolicy.Always);
        cookie.Cookie.Path = "/";
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.HttpOnly = true;
        cookie.LoginPath = "/signin";
        cookie.AccessDeniedPath = "/";
        cookie.ReturnUrlParameter = "returnUrl";
        cookie.ExpireTimeSpan = sessions.Longest;
        cookie.SlidingExpiration = false;
        cookie.EventsType = typeof(SessionCookie);
    }
}
