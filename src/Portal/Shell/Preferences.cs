using Microsoft.AspNetCore.Localization;
using Portal.Access;

namespace Portal.Shell;

/// <summary>Language and theme of one browser: two cookies, set by a link and read when a page is rendered on the server.</summary>
public static class Preferences
{
    /// <summary>Cookie that holds the theme; language uses the framework's own <c>.AspNetCore.Culture</c>.</summary>
    public const string ThemeCookie = "portal-theme";

    /// <summary>Languages the portal speaks, the first of them when a browser asks for another.</summary>
    public static readonly string[] Cultures = ["en", "zh-CN"];

    /// <summary>Themes a person may choose; the first follows the operating system.</summary>
    public static readonly string[] Themes = ["system", "light", "dark"];

    /// <summary>The language of each request comes from its cookie, then from the browser's Accept-Language.</summary>
    public static RequestLocalizationOptions Localization { get; } = CreateLocalization();

    /// <summary>The theme a request's cookie names, or "system".</summary>
    public static string ThemeOf(HttpContext context) =>
        context.Request.Cookies[ThemeCookie] is { } theme && Themes.Contains(theme) ? theme : Themes[0];

    /// <summary>A link that changes the language and comes back to <paramref name="returnUrl"/>.</summary>
    public static string CultureLink(string culture, string returnUrl) =>
        $"/preferences?culture={culture}&returnUrl={Uri.EscapeDataString(returnUrl)}";

    /// <summary>A link that changes the theme and comes back to <paramref name="returnUrl"/>.</summary>
    public static string ThemeLink(string theme, string returnUrl) =>
        $"/preferences?theme={theme}&returnUrl={Uri.EscapeDataString(returnUrl)}";

    /// <summary>Maps <c>GET /preferences?culture=…&amp;theme=…&amp;returnUrl=…</c>. Values it does not know are ignored; it never leaves this site.</summary>
    public static IEndpointConventionBuilder MapPreferences(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/preferences", (HttpContext context, string? culture, string? theme, string? returnUrl) =>
        {
            if (culture is not null && Cultures.Contains(culture))
                Keep(context, CookieRequestCultureProvider.DefaultCookieName, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)));
            if (theme is not null && Themes.Contains(theme))
                Keep(context, ThemeCookie, theme);
            return Results.LocalRedirect(LocalUrl.OrHome(returnUrl));
        }).AllowAnonymous();

    static void Keep(HttpContext context, string name, string value) =>
        context.Response.Cookies.Append(name, value, new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365),
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });

    static RequestLocalizationOptions CreateLocalization()
    {
        var options = new RequestLocalizationOptions { ApplyCurrentCultureToResponseHeaders = true };
        options.SetDefaultCulture(Cultures[0]);
        options.AddSupportedCultures(Cultures);
        options.AddSupportedUICultures(Cultures);
        // A query string that changes the language would let a link from outside change what a person reads.
        options.RequestCultureProviders = [.. options.RequestCultureProviders.Where(p => p is not QueryStringRequestCultureProvider)];
        return options;
    }
}
