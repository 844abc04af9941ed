using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Huawei;

/// <summary>Reads single fields of an answer without trusting their type: whatever does not fit is null, nothing throws.</summary>
static class AnswerFields
{
    static readonly string[] TimeForms = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy/MM/dd HH:mm:ss"];

    /// <summary>The first of the named fields that holds a text, a number or a yes/no, as text.</summary>
    public static string? Text(JsonNode? node, params ReadOnlySpan<string> names)
    {
        if (node is not JsonObject fields)
            return null;
        foreach (var name in names)
        {
            if (Scalar(fields[name]) is { } text)
                return text;
        }

        return null;
    }

    /// <summary>A text, number or yes/no as text; null for anything else and for an empty text.</summary>
    public static string? Scalar(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>() is { Length: > 0 } text ? text : null,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => node.ToJsonString(),
        _ => null,
    };

    public static long? Number(JsonNode? node, params ReadOnlySpan<string> names) =>
        long.TryParse(Text(node, names), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool? Flag(JsonNode? node, string name) => Text(node, name)?.ToUpperInvariant() switch
    {
        "TRUE" => true,
        "FALSE" => false,
        _ => null,
    };

    /// <summary>
    /// A list of a successful answer; null when it cannot be read. One entry that cannot be read makes the whole list unreadable: a list
    /// with holes would prove absences that are none.
    /// </summary>
    public static IReadOnlyList<T>? List<T>(Answer answer, JsonNode? list, Func<JsonNode?, T?> read) where T : class
    {
        if (!answer.IsSuccess || list is not JsonArray array)
            return null;
        var items = new List<T>(array.Count);
        foreach (var node in array)
        {
            if (read(node) is not { } item)
                return null;
            items.Add(item);
        }

        return items;
    }

    /// <summary>RFC 3339, or "yyyy-MM-dd HH:mm:ss" read as UTC.</summary>
    public static DateTimeOffset? Time(JsonNode? node, params ReadOnlySpan<string> names)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;
        if (Text(node, names) is not { } text)
            return null;
        if (DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, Utc, out var time))
            return time;
        // A bare number or "12:30" would be taken for a time of today; a date always has its dashes and its T.
        return text.Length > 10 && text[4] == '-' && text[10] == 'T'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out time) ? time : null;
    }
}
