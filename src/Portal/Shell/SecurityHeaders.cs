namespace Portal.Shell;

/// <summary>
/// What a browser is told so that it protects the portal's pages: the one place for these headers. Every answer has them, files and errors as well.
/// </summary>
public static class SecurityHeaders
{
    /// <summary>
    /// The content security policy. No page holds a script or a style sheet in its own text, so that neither needs a nonce; only
    /// attributes may carry style, because the controls of Radzen set widths and positions that way.
    /// </summary>
    /// <param name="provider">Origin of the identity provider, to which the form of the sign-out leads; null without one.</param>
    public static string ContentSecurityPolicy(string? provider) =>
        "default-src 'none'; base-uri 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + $"connect-src 'self'; form-action 'self'{(provider is null ? "" : $" {provider}")}; frame-ancestors 'none'; manifest-src 'self'";

    /// <summary>One year, as browsers ask of sites that want to be known for it (RFC 6797).</summary>
    public const string StrictTransportSecurity = "max-age=31536000; includeSubDomains";

    /// <summary>Names and values.</summary>
    /// <param name="provider">As for <see cref="ContentSecurityPolicy"/>.</param>
    public static IReadOnlyDictionary<string, string> All(string? provider) => new Dictionary<string, string>
    {
        ["Content-Security-Policy"] = ContentSecurityPolicy(provider),
        ["X-Content-Type-Options"] = "nosniff",
        ["X-Frame-Options"] = "DENY",
        // Not "no-referrer": with that a browser also keeps the origin of the portal's own forms to itself, and SameOrigin could not tell them apart.
        ["Referrer-Policy"] = "same-origin",
        ["Permissions-Policy"] =
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
            + "publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
        ["Cross-Origin-Opener-Policy"] = "same-origin",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
    };

    /// <summary>Puts them on every answer that follows; what says nothing of its own about caches is not kept in any.</summary>
    public static void UseSecurityHeaders(this WebApplication app, string? provider)
    {
        var all = All(provider);
        app.Use((http, next) => SetAsync(http, next, all));
    }

    static Task SetAsync(HttpContext http, RequestDelegate next, IReadOnlyDictionary<string, string> all)
    {
        http.Response.OnStarting(() =>
        {
            foreach (var (name, value) in all)
            {
                http.Response.Headers[name] = value;
            }

            if (http.Request.IsHttps)
            {
                http.Response.Headers.StrictTransportSecurity = StrictTransportSecurity;
            }

            if (http.Response.Headers.CacheControl.Count == 0)
            {
                http.Response.Headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        return next(http);
    }
}
