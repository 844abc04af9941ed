using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Portal.Huawei;

/// <summary>The three services of the cloud that the portal speaks to; each has its own endpoint.</summary>
public enum CloudService
{
    Iam,
    Swr,
    CodeArtsRepo,
}

/// <summary>One call to the cloud before credentials are added: what an approver sees, what is hashed and what is sent.</summary>
public sealed record CloudCall
{
    /// <summary>JSON as it goes on the wire: as few escapes as the format allows.</summary>
    internal static readonly JsonSerializerOptions Wire = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required CloudService Service { get; init; }

    /// <summary>Region id that picks the endpoint and, with a password, the token: "cn-north-4".</summary>
    public required string Region { get; init; }

    public required HttpMethod Method { get; init; }

    /// <summary>Path in wire form, without the endpoint's prefix; built with <see cref="CloudPath"/>.</summary>
    public required string Path { get; init; }

    /// <summary>Query pairs, not yet encoded, in the order they are sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>The JSON sent, which may hold a Base64 password: show <see cref="RedactedBody"/> instead.</summary>
    [JsonIgnore]
    public JsonObject? Body { get; init; }

    /// <summary>The exact UTF-8 bytes that go on the wire: no white space, fields in the order given; empty without a body.</summary>
    public byte[] BodyBytes() => Body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(Body, Wire);

    /// <summary>The same JSON for people and for the audit trail: user names and passwords read "***"; empty without a body.</summary>
    public string RedactedBody()
    {
        if (Body is null)
            return "";
        var copy = (JsonObject)Body.DeepClone();
        Redaction.Mask(copy);
        return copy.ToJsonString(Wire);
    }

    /// <summary>The service and region it goes to, "swr/cn-north-4": what can be down, slow or paused as a whole.</summary>
    public string Lane => $"{Service.ToString().ToLowerInvariant()}/{Region}";

    /// <summary>Names the call for a log line; never its body.</summary>
    public override string ToString() => $"{Method} {Service} {Region} {Path}";
}
