using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Huawei;

/// <summary>Turns an HTTP response into an <see cref="Answer"/>: reads at most 1 MB, believes nothing, redacts every text.</summary>
static class AnswerReader
{
    const int MostBytes = 1024 * 1024;
    const int CodeLength = 200;
    const int MessageLength = 2000;
    static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];
    static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    /// <exception cref="IOException">The body broke off.</exception>
    public static async Task<Answer> ReadAsync(Outgoing outgoing, HttpResponseMessage response, DateTimeOffset now, CancellationToken token)
    {
        var (bytes, tooLarge) = await BytesOfAsync(response, token);
        var json = tooLarge || !MayBeJson(response.Content.Headers) ? null : Parse(bytes);
        var status = (int)response.StatusCode;
        var error = ErrorBodies.Read(json, status);
        return new Answer
        {
            Kind = AnswerKind.Answered,
            Status = status,
            ErrorCode = ErrorBodies.IsPlainCode(error.Code) ? error.Code : Clean(error.Code, CodeLength),
            ErrorMessage = Clean(error.Message, MessageLength),
            RequestId = Clean(Header(response.Headers, "X-Request-Id") ?? error.RequestId, CodeLength),
            TraceId = Clean(Header(response.Headers, "X-IAM-Trace-Id"), CodeLength),
            Json = json,
            Unreadable = tooLarge || json is null && !IsEmptyOrNull(bytes),
            // JSON is written anew, because its \u escapes would hide a secret from the scrubbing.
            BodyExcerpt = Clean(json?.ToJsonString(CloudCall.Wire) ?? Encoding.UTF8.GetString(bytes), Answer.ExcerptLength) ?? "",
            RetryAfter = RetryAfter(Header(response.Headers, "Retry-After"), now),
            ContentRange = Clean(Header(response.Content.Headers, "Content-Range"), CodeLength),
            CredentialExpired = ErrorBodies.SaysCredentialExpired(outgoing.Call.Service, status, error.Code),
        };

        // Scrubbed as a whole before it is cut: a secret cut in half would no longer be recognized.
        string? Clean(string? text, int length) =>
            string.IsNullOrEmpty(text) ? null : Redaction.Cut(Redaction.Scrub(text, outgoing.Secrets), length);
    }

    /// <summary>Seconds or a date; negative or past is zero, at most five minutes; null when it says nothing usable.</summary>
    public static TimeSpan? RetryAfter(string? header, DateTimeOffset now)
    {
        if (double.TryParse(header, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && !double.IsNaN(seconds))
            return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestRetryAfter.TotalSeconds));
        if (!DateTimeOffset.TryParse(header, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return null;
        return TimeSpan.FromTicks(Math.Clamp((date - now).Ticks, 0, LongestRetryAfter.Ticks));
    }

    static async Task<(byte[] Bytes, bool TooLarge)> BytesOfAsync(HttpResponseMessage response, CancellationToken token)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(token);
        await using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while (kept.Length <= MostBytes && (read = await stream.ReadAsync(buffer, token)) > 0)
            await kept.WriteAsync(buffer.AsMemory(0, read), token);
        return kept.Length > MostBytes ? (kept.GetBuffer()[..MostBytes], true) : (kept.ToArray(), false);
    }

    // text/plain too: that is what a Go server calls a JSON body that nobody named.
    static bool MayBeJson(HttpContentHeaders headers)
    {
        var type = Header(headers, "Content-Type")?.Split(';')[0].Trim();
        return string.IsNullOrEmpty(type)
            || type.Equals("text/plain", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("/json", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    static JsonNode? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(ByteOrderMark))
            bytes = bytes[3..];
        try
        {
            var node = JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            Touch(node);
            return node;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    // JsonNode reads texts late and throws at half a surrogate pair; here that makes the body unreadable, later it would surprise a reader.
    static void Touch(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var field in fields)
                    Touch(field.Value);
                break;
            case JsonArray array:
                foreach (var item in array)
                    Touch(item);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                value.GetValue<string>();
                break;
        }
    }

    static bool IsEmptyOrNull(ReadOnlySpan<byte> bytes)
    {
        var text = bytes.Trim(" \t\r\n"u8);
        return text.IsEmpty || text.SequenceEqual("null"u8);
    }

    // Not validated: SWR's "Content-Range: 0-10/35" has no unit, which the typed header would refuse.
    static string? Header(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
