using System.Buffers.Text;
using System.Text.Json;
using CloudSimulator.Gateway;

namespace CloudSimulator.CodeArts;

/// <summary>The body of a mirror start (huawei-api 2.1); all four fields are optional. What the simulator does with the credentials is check their form.</summary>
sealed record MirrorStartBody(string? EndpointUuid)
{
    /// <summary>Null when the body is no object, a field has the wrong type, or user name or password is no Base64.</summary>
    public static MirrorStartBody? Read(ReceivedRequest received)
    {
        if (received.Body.Length == 0)
            return new MirrorStartBody(EndpointUuid: null);
        if (received.JsonObject() is not { } json)
            return null;
        var isWell = IsTextOrAbsent(json, "username") && IsTextOrAbsent(json, "password") && IsTextOrAbsent(json, "endpoint_uuid") && IsFlagOrAbsent(json, "force_fetch")
            && IsBase64OrAbsent(json, "username") && IsBase64OrAbsent(json, "password");
        return isWell ? new MirrorStartBody(json.Text("endpoint_uuid")) : null;
    }

    static bool IsTextOrAbsent(JsonElement json, string name) => Kind(json, name) is JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Undefined;

    static bool IsFlagOrAbsent(JsonElement json, string name) => Kind(json, name) is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined;

    static bool IsBase64OrAbsent(JsonElement json, string name) => json.Text(name) is not { } text || Base64.IsValid(text);

    static JsonValueKind Kind(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.ValueKind : JsonValueKind.Undefined;
}
