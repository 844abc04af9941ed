using Microsoft.AspNetCore.Authentication.Cookies;

namespace Portal.Access;

/// <summary>Sign-in by cookie, under the scheme name that Microsoft.Identity.Web uses, so that a provider can be put in front of it.</summary>
public static class SignInFeature
{
    /// <summary>Adds the cookie scheme and the current person of a page.</summary>
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "portal";
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.HttpOnly = true;
            cookie.LoginPath = "/signin";
            cookie.AccessDeniedPath = "/";
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.ExpireTimeSpan = TimeSpan.FromHours(8);
            cookie.SlidingExpiration = false;
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(null);
        services.AddCascadingAuthenticationState();
        services.AddScoped<CurrentActor>();
        return services;
    }
}
