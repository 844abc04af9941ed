using Microsoft.Extensions.Primitives;

namespace Portal.Shell;

/// <summary>
/// Lets a browser's requests in only from the portal's own pages, where more could come of them than a look: everything that is not a plain
/// read, and the connection of open pages. Cookies are no guard against pages of the same site on another port or host name.
/// </summary>
public static class SameOrigin
{
    /// <summary>Where open pages connect: negotiation and WebSocket, both of which answer a foreign page otherwise.</summary>
    const string Circuits = "/_blazor";

    /// <summary>Answers 403 to requests that a page of another origin made. What is no browser says no origin, and has no cookie either.</summary>
    /// <param name="app">The portal.</param>
    /// <param name="providers">Paths that the identity provider posts to; what is done there proves itself.</param>
    public static void UseSameOrigin(this WebApplication app, params string[] providers) => app.Use((http, next) =>
    {
        if (!IsGuarded(http.Request) || IsOwn(http.Request) || providers.Any(path => http.Request.Path.Equals(path, StringComparison.OrdinalIgnoreCase)))
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });

    static bool IsGuarded(HttpRequest request) =>
        request.Path.StartsWithSegments(Circuits, StringComparison.OrdinalIgnoreCase)
        || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method));

    // The scheme is not compared: behind a proxy that ends TLS the portal does not see it.
    static bool IsOwn(HttpRequest request) =>
        IsOwn(request.Headers.Origin, request.Host) && request.Headers["Sec-Fetch-Site"].All(site => site is "same-origin" or "none");

    static bool IsOwn(StringValues origin, HostString host) => origin.Count == 0
        || (origin is [{ } one] && Uri.TryCreate(one, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase));
}
