using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Portal.Shell;

/// <summary>How much browsers can ask of one node, and how long it keeps the pages of those that went away. The framework's own defaults are wide or none.</summary>
public static class Limits
{
    /// <summary>In bytes. Nothing is uploaded: the largest body is a form.</summary>
    const long LongestBody = 1024 * 1024;

    /// <summary>Of connections and bodies.</summary>
    public static void Set(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LongestBody;
        kestrel.Limits.MaxConcurrentConnections = 5000;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 2000;
    }

    /// <summary>Of open pages: a page whose connection broke is kept for a while, so that it goes on where it was.</summary>
    public static void Set(CircuitOptions pages)
    {
        pages.DisconnectedCircuitMaxRetained = 50;
        pages.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
        pages.PersistedCircuitInMemoryMaxRetained = 100;
        pages.PersistedCircuitInMemoryRetentionPeriod = TimeSpan.FromMinutes(10);
        pages.JSInteropDefaultCallTimeout = TimeSpan.FromSeconds(20);
    }

    /// <summary>Answers 413 before anybody begins to read a body that says it is too long; one that does not say so is cut off by Kestrel.</summary>
    public static void UseBodyLimit(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.ContentLength is not > LongestBody)
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        return Task.CompletedTask;
    });
}
