using System.Text.Json.Nodes;

namespace Portal.Huawei;

/// <summary>The cloud's own words about an error.</summary>
readonly record struct CloudError(string? Code, string? Message, string? RequestId);

/// <summary>
/// Reads every shape of error body that the services and their gateway are known to use: an array, an "errors" array, an "error" object,
/// camelCase and snake_case fields. Never throws; what it does not know it leaves null.
/// </summary>
static class ErrorBodies
{
    /// <summary>The error in a body. A 2xx has one only where its body says so outright.</summary>
    public static CloudError Read(JsonNode? body, int status)
    {
        if (status is >= 200 and <= 299 && !SaysFailed(body))
            return new(null, null, AnswerFields.Text(body, "request_id", "requestId"));
        var error = Innermost(body, depth: 0);
        var message = AnswerFields.Text(
            error, "errorMessage", "error_msg", "message", "errorMsg", "error_message", "title", "error_description");
        var detail = AnswerFields.Text(error, "detail", "details");
        if (detail is not null && message is not null && !message.Contains(detail, StringComparison.Ordinal))
            message = $"{message} ({detail})";
        return new(
            AnswerFields.Text(error, "errorCode", "error_code", "code") ?? (status <= 299 ? "failed" : null),
            message ?? detail ?? AnswerFields.Scalar(error),
            AnswerFields.Text(body, "request_id", "requestId") ?? AnswerFields.Text(error, "request_id", "requestId"));
    }

    /// <summary>Has the form of the cloud's codes, "SVCSTG.SWR.4041061": kept as it is, even when a short password occurs in it.</summary>
    public static bool IsPlainCode(string? code) =>
        code is { Length: <= 40 } && code.Contains('.')
        && code.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_');

    /// <summary>
    /// The credential, not the right to do this, is what the cloud refused. CodeArts' CH.080401 wears a 401 too and means a missing right
    /// or repository; a new token would change nothing.
    /// </summary>
    public static bool SaysCredentialExpired(CloudService service, int status, string? code) => status == 401 && code switch
    {
        null => true,
        "SVCSTG.SWR.4010000" or "SVCSTG.S2I.4019000" => true,
        "APIGW.0301" or "APIGW.0307" or "APIG.0301" or "APIG.0307" => true,
        "DEV.00000001" or "DEV.00000002" or "DEV.00000003" => true,
        "IAM.0066" or "IAM.0067" => true,
        _ => service == CloudService.Iam,
    };

    static bool SaysFailed(JsonNode? body) =>
        body is JsonObject fields
        && (AnswerFields.Text(fields, "errorCode", "error_code") is not null
            || fields["errors"] is JsonArray { Count: > 0 }
            || fields["error"] is JsonObject { Count: > 0 });

    // The first entry of an array, what is in "errors" or "error": until something has a code or a message of its own.
    static JsonNode? Innermost(JsonNode? node, int depth)
    {
        if (depth > 5)
            return node;
        return node switch
        {
            JsonArray array => array.Count > 0 ? Innermost(array[0], depth + 1) : null,
            JsonObject fields when fields["errors"] is JsonArray { Count: > 0 } or JsonObject => Innermost(fields["errors"], depth + 1),
            JsonObject fields when fields["error"] is JsonObject or JsonArray { Count: > 0 } => Innermost(fields["error"], depth + 1),
            JsonObject fields when fields["error"] is JsonValue text
                && AnswerFields.Text(fields, "errorCode", "error_code", "code", "errorMessage", "error_msg", "message") is null => text,
            _ => node,
        };
    }
}
