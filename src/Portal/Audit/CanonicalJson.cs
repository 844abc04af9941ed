using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Audit;

/// <summary>
/// One way only to write a value down, so that a hash of it can be repeated by anybody: members sorted by their UTF-16 code
/// units, no white space, shortest escapes (the rules of RFC 8785; numbers are limited to whole ones).
/// </summary>
public static class CanonicalJson
{
    /// <summary>The canonical UTF-8 bytes. Throws <see cref="NotSupportedException"/> for a number that is not whole.</summary>
    public static byte[] Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static void Append(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                AppendObject(text, members);
                break;
            case JsonArray items:
                text.Append('[');
                for (var index = 0; index < items.Count; index++)
                {
                    text.Append(index == 0 ? "" : ",");
                    Append(text, items[index]);
                }

                text.Append(']');
                break;
            default:
                AppendValue(text, node.AsValue());
                break;
        }
    }

    static void AppendObject(StringBuilder text, JsonObject members)
    {
        text.Append('{');
        var first = true;
        foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            text.Append(first ? "" : ",");
            AppendText(text, name);
            text.Append(':');
            Append(text, value);
            first = false;
        }

        text.Append('}');
    }

    static void AppendValue(StringBuilder text, JsonValue value)
    {
        // Through JsonElement, so that a number made in code and the same number read back are written alike.
        var element = JsonSerializer.SerializeToElement(value);
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                AppendText(text, element.GetString()!);
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            case JsonValueKind.Number when element.TryGetInt64(out var whole):
                text.Append(whole.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                throw new NotSupportedException($"{element.ValueKind} {element.GetRawText()} has no canonical form here.");
        }
    }

    static void AppendText(StringBuilder text, string value)
    {
        text.Append('"');
        // Most text needs no escape at all.
        var plain = value.AsSpan().IndexOfAny(Escaped);
        text.Append(value, 0, plain < 0 ? value.Length : plain);
        foreach (var character in plain < 0 ? [] : value.AsSpan(plain))
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }

    /// <summary>The same value as text for people and for <c>jsonb</c>: not canonical, but with its letters as they are.</summary>
    public static string ToText(JsonNode node) => node.ToJsonString(Readable);

    static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
