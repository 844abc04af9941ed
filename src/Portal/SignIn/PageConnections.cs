using System.Collections.Concurrent;
using Portal.Access;

namespace Portal.SignIn;

/// <summary>
/// The connections of open pages to this node, by the sign-in that they began with: a page whose sign-in is over is led to the sign-in page, and
/// one that stays nevertheless loses its connection.
/// </summary>
public sealed class PageConnections(TimeProvider time)
{
    // Long enough for a browser to take the word that leads it to the sign-in page.
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    readonly ConcurrentDictionary<object, (Guid Session, Action Cut)> open = new();

    /// <summary>Remembers a connection until it is disposed.</summary>
    public IDisposable Add(Guid session, Action cut)
    {
        var connection = new Connection(this);
        open[connection] = (session, cut);
        return connection;
    }

    /// <summary>Cuts, in a moment, what is left of a sign-in's connections.</summary>
    public async Task CutAsync(Guid session)
    {
        await Task.Delay(Grace, time);
        foreach (var (_, (_, cut)) in open.Where(each => each.Value.Session == session))
        {
            cut();
        }
    }

    sealed class Connection(PageConnections all) : IDisposable
    {
        public void Dispose() => all.open.TryRemove(this, out _);
    }
}

/// <summary>Where connections of open pages become known.</summary>
public static class PageConnectionsMiddleware
{
    /// <summary>Remembers every connection of an open page that somebody is signed in to. After the authentication.</summary>
    public static void UsePageConnections(this WebApplication app)
    {
        var connections = app.Services.GetRequiredService<PageConnections>();
        app.Use(async (http, next) =>
        {
            if (!http.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase) || Actor.From(http.User)?.Session is not { } session)
            {
                await next(http);
                return;
            }

            using var connection = connections.Add(session, http.Abort);
            await next(http);
        });
    }
}
