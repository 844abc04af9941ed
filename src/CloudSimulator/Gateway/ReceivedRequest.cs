using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace CloudSimulator.Gateway;

/// <summary>One call as it came off the wire, kept whole because a signature covers exactly these bytes.</summary>
/// <param name="RequestId">32 hexadecimal digits; header <c>X-Request-Id</c> and <c>request_id</c> of gateway errors.</param>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Target">Path and query as sent, percent-encoding untouched.</param>
/// <param name="Body">Body bytes, empty when there is none.</param>
sealed record ReceivedRequest(string RequestId, string Method, string Target, byte[] Body)
{
    /// <summary>The call that this context carries; set by <see cref="RequestIntake"/> for every cloud path.</summary>
    public static ReceivedRequest Of(HttpContext context) => context.Features.GetRequiredFeature<ReceivedRequest>();

    /// <summary>The path as sent, without the query.</summary>
    public string RawPath => Target.Split('?', 2)[0];

    /// <summary>The query as sent, without the question mark; empty when there is none.</summary>
    public string RawQuery => Target.Split('?', 2) is [_, var query] ? query : "";

    /// <summary>Which cloud service the path prefix names, or null for a path of the simulator itself.</summary>
    public CloudService? Service => ServiceOf(RawPath);

    /// <summary>The body as a JSON object, or null when it is anything else.</summary>
    public JsonElement? JsonObject()
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static CloudService? ServiceOf(string path) => path.Split('/') switch
    {
        ["", "iam", ..] => CloudService.Iam,
        ["", "swr", ..] => CloudService.Swr,
        ["", "codearts", ..] => CloudService.CodeArts,
        _ => null,
    };
}

/// <summary>The three services that the simulator stands in for.</summary>
enum CloudService
{
    Iam,
    Swr,
    CodeArts,
}
