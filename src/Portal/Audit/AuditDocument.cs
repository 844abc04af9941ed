using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Audit;

/// <summary>One fact of an event, for a page.</summary>
/// <param name="Name">Its name in the document.</param>
/// <param name="Text">Its value; indented JSON where it has parts.</param>
/// <param name="HasParts">True for an object or a list, which wants its line breaks kept.</param>
public sealed record AuditFact(string Name, string Text, bool HasParts);

/// <summary>What the <c>doc</c> of an event says, read for people. A document of another shape reads as empty, never as a fault.</summary>
public sealed record AuditDocument(JsonObject Facts, IReadOnlyList<string> Roles, string? Address)
{
    static readonly JsonSerializerOptions Indented = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    // Most telling first; the summary of a row takes the first two that it has. "call" is method and path together.
    static readonly string[] Telling =
        ["subject", "reason", "comment", "errorMessage", "note", "what", "why", "call", "format", "rows", "filter", "persona"];

    /// <summary>Reads a document as PostgreSQL gives it.</summary>
    public static AuditDocument Read(string doc)
    {
        var document = JsonNode.Parse(doc) as JsonObject;
        var actor = document?["actor"] as JsonObject;
        return new AuditDocument(
            document?["facts"] as JsonObject ?? [],
            actor?["roles"] is JsonArray roles ? [.. roles.Select(TextOf)] : [],
            actor?["address"] is { } address ? TextOf(address) : null);
    }

    /// <summary>The facts that are known: the most telling first, the long ones last, else by name.</summary>
    public IEnumerable<AuditFact> List() => Facts
        .Where(fact => fact.Value is not null)
        .OrderBy(fact => fact.Value is JsonObject or JsonArray)
        .ThenBy(fact => Array.IndexOf(Telling, fact.Key) is >= 0 and var place ? place : Telling.Length)
        .ThenBy(fact => fact.Key, StringComparer.Ordinal)
        .Select(fact => new AuditFact(fact.Key, TextOf(fact.Value), fact.Value is JsonObject or JsonArray));

    /// <summary>At most two facts that tell most of what happened.</summary>
    public IEnumerable<AuditFact> Summary() => Telling
        .Select(name => new AuditFact(name, name == "call" ? Call() : TextOf(Facts[name]), false))
        .Where(fact => !string.IsNullOrWhiteSpace(fact.Text))
        .Take(2);

    /// <summary>The moment in UTC with every digit that PostgreSQL keeps (microseconds), as the exports write it.</summary>
    public static string Exact(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    string Call() => $"{TextOf(Facts["method"])} {TextOf(Facts["path"])}".Trim();

    static string TextOf(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(Indented),
    };
}
