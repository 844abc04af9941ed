using Microsoft.Extensions.Localization;
using Microsoft.Net.Http.Headers;
using Portal.Access;

namespace Portal.Audit;

/// <summary>The two addresses that hand out the trail as a file, with the query string of the audit page.</summary>
public static class AuditExportEndpoints
{
    /// <summary>
    /// Maps <c>GET /audit/export.csv</c> and <c>/audit/export.jsonl</c>. Nobody signed in: to the sign-in page. No permission: 403. A filter
    /// with problems: 400. Too many of them: 429.
    /// </summary>
    public static void MapAuditExports(this WebApplication app)
    {
        app.MapGet("/audit/export.csv", (HttpContext http, AuditService audit, TimeProvider time, IStringLocalizer<Words> words) =>
            SendAsync(http, ExportFormat.Csv, audit, time, words)).RequireAuthorization();
        app.MapGet("/audit/export.jsonl", (HttpContext http, AuditService audit, TimeProvider time, IStringLocalizer<Words> words) =>
            SendAsync(http, ExportFormat.Jsonl, audit, time, words)).RequireAuthorization();
    }

    static async Task<IResult> SendAsync(HttpContext http, ExportFormat format, AuditService audit, TimeProvider time, IStringLocalizer<Words> words)
    {
        if (Actor.From(http.User) is not { } actor)
        {
            return Results.Challenge();
        }

        var outcome = await audit.ExportAsync(AuditFilter.Parse(http.Request.QueryString.Value), format, actor, http.RequestAborted);
        if (outcome.Refusal is { } refusal)
        {
            return Refuse(refusal, words);
        }

        await using var export = outcome.Value;
        http.Response.ContentType = export.ContentType;
        http.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = export.FileName(time.GetUtcNow()) }.ToString();
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await export.WriteAsync(http.Response.Body, http.RequestAborted);
        return Results.Empty;
    }

    static IResult Refuse(Refusal refusal, IStringLocalizer<Words> words) => refusal switch
    {
        TooOften tooOften => new TooOftenResult(tooOften, words),
        NotAllowed => Results.Text(words["Audit.DeniedTitle"], statusCode: StatusCodes.Status403Forbidden),
        AuditFilterInvalid invalid => Results.Text(
            string.Join('\n', invalid.Problems.Select(problem => $"{words["Audit." + problem.Field]}: {words[problem.WordKey, problem.Arguments]}")),
            statusCode: StatusCodes.Status400BadRequest),
        _ => throw new InvalidOperationException($"No answer to {refusal}."),
    };
}
