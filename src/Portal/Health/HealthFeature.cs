using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Telemetry;

namespace Portal.Health;

/// <summary>
/// Three questions: does the process live (<c>/health/live</c>), can it serve people (<c>/health/ready</c>), and, for who operates, which part is ill
/// (<c>/health/parts</c>)? Of the first two anybody learns only the word.
/// </summary>
public static class HealthFeature
{
    /// <summary>Adds the parts. Who has another one registers it as <see cref="IHealthPart"/> and gives it words.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<IHealthPart, DatabasePart>().AddSingleton<IHealthPart, ClockPart>().AddSingleton<IHealthPart, NodeParts>().AddSingleton<IHealthPart, CloudPart>().AddSingleton<IHealthPart, ProviderPart>()
        .AddSingleton<HealthService>();

    /// <summary>Maps the addresses.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Word(true)).AllowAnonymous();
        app.MapGet("/health/ready", async (HealthService health, CancellationToken token) => Word(await health.IsReadyAsync(token))).AllowAnonymous();
        app.MapGet("/health/parts", PartsAsync).RequireAuthorization();
    }

    static IResult Word(bool well) =>
        Results.Text(well ? "Healthy" : "Unhealthy", statusCode: well ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

    static async Task<IResult> PartsAsync(HttpContext http, HealthService health, IStringLocalizer<Words> words)
    {
        if (Actor.From(http.User) is not { } actor)
        {
            return Results.Challenge();
        }

        var outcome = await health.PartsAsync(actor, http.RequestAborted);
        return outcome.IsDone
            ? Results.Json(new
            {
                node = TelemetryFeature.NodeName,
                parts = outcome.Value.Select(part => new
                {
                    part = part.Part,
                    well = part.IsWell,
                    finding = part.Finding,
                    means = HealthWords.MeaningOf(part, words),
                    action = HealthWords.ActionFor(part, words),
                }),
            })
            : Results.Text(words["Operations.NotYours"], statusCode: StatusCodes.Status403Forbidden);
    }
}
