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
    public const string ContentSecurityPolicy =
        "default-src 'none'; base-uri 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; manifest-src 'self'";

    /// <summary>One year, as browsers ask of sites that want to be known for it (RFC 6797).</summary>
    public const string StrictTransportSecurity = "max-age=31536000; includeSubDomains";

    /// <summary>Names and values.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["Content-Security-Policy"] = ContentSecurityPolicy,
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
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            foreach (var (name, value) in All)
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
    });
}
