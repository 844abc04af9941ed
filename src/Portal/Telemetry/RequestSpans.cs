using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Portal.Telemetry;

/// <summary>Names the framework's spans of HTTP requests by their route, never by their path, and keeps how they ended.</summary>
public static class RequestSpans
{
    /// <summary>Call it first, so that it sees every answer.</summary>
    public static void UseRequestSpans(this WebApplication app) => app.Use(async (http, next) =>
    {
        await next(http);
        if (http.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
        {
            return;
        }

        span.SetTag("http.response.status_code", http.Response.StatusCode);
        if (http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            span.SetTag("http.route", route);
            span.DisplayName = $"{http.Request.Method} {route}";
        }

        if (http.Response.StatusCode >= 500)
        {
            span.SetTag("error.type", Measures.StatusClass(http.Response.StatusCode)).SetStatus(ActivityStatusCode.Error);
        }
    });
}
