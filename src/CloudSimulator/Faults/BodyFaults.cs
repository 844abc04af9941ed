using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudSimulator.Faults;

/// <summary>What a fault does to the body of an answer.</summary>
static class BodyFaults
{
    const int HugeBytes = 10 * 1024 * 1024;

    public static HeldAnswer Apply(BodyFault fault, HeldAnswer answer) => fault switch
    {
        BodyFault.None => answer,
        BodyFault.Truncated => answer with { Body = Truncate(answer.Body) },
        BodyFault.WrongTypes => answer with { Body = ChangeTypes(answer.Body) },
        BodyFault.Huge => answer with { Body = Huge() },
        BodyFault.Html => Page(answer),
        BodyFault.Empty => answer with { Body = [] },
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    // An empty object or array has nothing in its middle to stop at.
    static byte[] Truncate(byte[] body) => body.Length > 2 ? body[..(body.Length / 2)] : "{\"jid\":\"4f0"u8.ToArray();

    static byte[] ChangeTypes(byte[] body)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return "42"u8.ToArray();
        }
        return node switch
        {
            JsonObject { Count: 0 } or JsonArray { Count: 0 } or null => "42"u8.ToArray(),
            _ => Encoding.UTF8.GetBytes(ChangeType(node).ToJsonString()),
        };
    }

    static JsonNode ChangeType(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)ChangeType(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(ChangeType)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(7),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => JsonValue.Create("seven"),
        _ => new JsonArray("neither", "nor"),
    };

    static byte[] Huge()
    {
        var body = new byte[HugeBytes];
        Array.Fill(body, (byte)'x');
        "{\"padding\":\""u8.CopyTo(body);
        "\"}"u8.CopyTo(body.AsSpan(HugeBytes - 2));
        return body;
    }

    static HeldAnswer Page(HeldAnswer answer)
    {
        var title = answer.Status == StatusCodes.Status200OK ? "Welcome" : $"{answer.Status} error";
        var html = $"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
        return answer with { Headers = new Dictionary<string, string> { ["Content-Type"] = "text/html" }, Body = Encoding.UTF8.GetBytes(html) };
    }
}
