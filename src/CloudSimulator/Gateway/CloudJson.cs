using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CloudSimulator.Gateway;

/// <summary>How the cloud writes JSON: field names exactly as the API pages have them, Chinese text unescaped.</summary>
static class CloudJson
{
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IResult Answer(object body, int status = StatusCodes.Status200OK) =>
        Results.Json(body, Options, "application/json;charset=utf-8", status);

    /// <summary>SWR's time: UTC with <c>Z</c> and as many fractional digits as are needed (huawei-api 1.3).</summary>
    public static string SwrTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>IAM's time: UTC, always six fractional digits (huawei-api 3.1).</summary>
    public static string IamTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>CodeArts Repo's time. The pages show no sample; RFC 3339 with China's offset, as its GitLab ancestor writes it there.</summary>
    public static string CodeArtsTime(DateTimeOffset time) =>
        time.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    /// <summary>A string property, or null when it is missing, empty or no string.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.Text() is { Length: > 0 } text ? text : null;

    /// <summary>The string, or null when the element is no string or half a surrogate pair makes it none.</summary>
    public static string? Text(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A property that is itself an object, or null.</summary>
    public static JsonElement? Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;
}
