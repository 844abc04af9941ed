using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Audit;
using Portal.SignIn;
using Portal.SignIn.OpenIdConnect;

namespace Portal.Shell;

/// <summary>Counts the requests for the addresses that <see cref="RateLimit"/> names, and answers 429 to those above.</summary>
public static class LimitedPaths
{
    /// <summary>
    /// Adds the counting by <see cref="CountedBy.Address"/>, which stands before authentication because a provider's answers end there, or
    /// that by <see cref="CountedBy.Person"/>, which needs it.
    /// </summary>
    public static void UseRateLimits(this WebApplication app, CountedBy by)
    {
        var gate = app.Services.GetRequiredService<RateGate>();
        var limits = RateLimit.All.Where(limit => limit.By == by && limit.Path is not null).Select(limit => limit with { Path = PathOf(limit, app.Services) }).ToArray();
        app.Use(async (http, next) =>
        {
            foreach (var limit in limits.Where(limit => Covers(limit.Path!, http.Request)))
            {
                var refusal = by == CountedBy.Person && Actor.From(http.User) is { } actor
                    ? await gate.WhyNotAsync(limit, actor)
                    : await gate.WhyNotAsync(limit, http.Connection.RemoteIpAddress);
                if (refusal is not null)
                {
                    await new TooOftenResult(refusal, http.RequestServices.GetRequiredService<IStringLocalizer<Words>>()).ExecuteAsync(http);
                    return;
                }
            }

            await next(http);
        });
    }

    // The two that the provider calls can be set.
    static string PathOf(RateLimit limit, IServiceProvider services) =>
        limit == RateLimit.Callback ? services.GetRequiredService<IOptions<ProviderOptions>>().Value.CallbackPath
        : limit == RateLimit.BackChannelLogout ? services.GetRequiredService<IOptions<SignInOptions>>().Value.BackChannelLogoutPath
        : limit.Path!;

    /// <summary>Refuses further connections to somebody who has far too many pages open, whatever their browser makes of the notice in each.</summary>
    public static void UseOpenPages(this WebApplication app)
    {
        var pages = app.Services.GetRequiredService<OpenPages>();
        app.Use((http, next) =>
            Covers(RateLimit.Connect.Path!, http.Request) && Actor.From(http.User) is { } actor && pages.IsFlood(actor.Id)
                ? Results.Text(
                    http.RequestServices.GetRequiredService<IStringLocalizer<Words>>()["TooManyPages.Text"], statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(http)
                : next(http));
    }

    static bool Covers(string path, HttpRequest request) => path.EndsWith('/')
        ? request.Path.StartsWithSegments(path[..^1], StringComparison.OrdinalIgnoreCase, out var below) && below.Value is { Length: > 1 }
        : request.Path.Equals(path, StringComparison.OrdinalIgnoreCase) || IsConnectWithoutNegotiation(path, request);

    // A client may connect without negotiating first; what was negotiated has an id.
    static bool IsConnectWithoutNegotiation(string path, HttpRequest request) => path == RateLimit.Connect.Path
        && request.Path.Equals(path[..path.LastIndexOf('/')], StringComparison.OrdinalIgnoreCase) && !request.Query.ContainsKey("id");
}
