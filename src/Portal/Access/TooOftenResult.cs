using Microsoft.Extensions.Localization;

namespace Portal.Access;

/// <summary>Answers 429 with <c>Retry-After</c> and a text that says the same in words.</summary>
public sealed class TooOftenResult(TooOften refusal, IStringLocalizer<Words> words) : IResult
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.RetryAfter = refusal.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Results.Text(words[refusal.WordKey, refusal.Arguments], statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(httpContext);
    }
}
