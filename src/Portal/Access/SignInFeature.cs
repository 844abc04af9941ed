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
            cookie.ExpireTimeSpan = Sessions.Longest;
            cookie.SlidingExpiration = false;
            cookie.Events.OnValidatePrincipal = async context =>
            {
                if (Actor.From(context.Principal!)?.Session is { } session
                    && await context.HttpContext.RequestServices.GetRequiredService<Sessions>().HasEndedAsync(session, context.HttpContext.RequestAborted))
                {
                    context.RejectPrincipal();
                }
            };
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(null);
        services.AddCascadingAuthenticationState();
        services.AddSingleton<Sessions>();
        services.AddScoped<CurrentActor>();
        return services;
    }
}
