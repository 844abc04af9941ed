using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Portal.Audit;

namespace Portal.Kinds;

/// <summary>What binds an approval to its content: the hash of the canonical payload.</summary>
public static class Payload
{
    /// <summary>Lower-case hex SHA-256 of the kind's name and the canonical payload.</summary>
    public static string HashOf(string kind, JsonObject payload) =>
        Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Write(new JsonObject { ["kind"] = kind, ["payload"] = payload.DeepClone() })));

    /// <summary>A required text of a payload that passed its kind's rules.</summary>
    public static string Text(this JsonObject payload, string field) => payload[field]!.GetValue<string>();

    /// <summary>A flag of a payload that passed its kind's rules.</summary>
    public static bool Flag(this JsonObject payload, string field) => payload[field]?.GetValue<bool>() ?? false;
}
