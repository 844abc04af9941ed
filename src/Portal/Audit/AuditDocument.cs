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
public sealed record AuditDocument(string Kind, JsonObject Facts, IReadOnlyList<string> Roles, string? Address)
{
    static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly JsonSerializerOptions Indented = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    // In the order of a summary, which takes the first two that an event has. "call" is method and path together, "lane" a service and region.
    static readonly string[] Telling =
    [
        "what", "person", "part", "lane", "subject", "reason", "action", "comment", "errorMessage", "note", "why", "call", "rows", "filter", "persona", "limit",
    ];

    // Whom or what it happened to: that is told besides the two.
    static readonly string[] About = ["person", "part", "lane"];

    static readonly string[] InOrder = [.. Telling, "format", "before", "after"];

    /// <summary>Reads a document as PostgreSQL gives it.</summary>
    public static AuditDocument Read(string doc)
    {
        var document = JsonNode.Parse(doc) as JsonObject;
        var actor = document?["actor"] as JsonObject;
        return new AuditDocument(
            TextOf(document?["kind"]),
            document?["facts"] as JsonObject ?? [],
            actor?["roles"] is JsonArray roles ? [.. roles.Select(TextOf)] : [],
            actor?["address"] is { } address ? TextOf(address) : null);
    }

    /// <summary>The ids of people that the facts tell of; whoever did it stands in the event's frame.</summary>
    public IEnumerable<string> PersonIds => new[] { TextOf(Facts["person"]), TextOf(Facts["proposedBy"]) }.Where(id => id.Length > 0);

    /// <summary>The facts that are known: the most telling first, the long ones last, else by name.</summary>
    public IEnumerable<AuditFact> List() => Facts
        .Where(fact => fact.Value is not null)
        .OrderBy(fact => fact.Value is JsonObject or JsonArray)
        .ThenBy(fact => Array.IndexOf(InOrder, fact.Key) is >= 0 and var place ? place : InOrder.Length)
        .ThenBy(fact => fact.Key, StringComparer.Ordinal)
        .Select(fact => new AuditFact(fact.Key, TextOf(fact.Value), fact.Value is JsonObject or JsonArray));

    /// <summary>Whom or what it happened to, and at most two more facts that tell most of it.</summary>
    public IEnumerable<AuditFact> Summary()
    {
        var known = Telling.Select(Fact).Where(fact => !string.IsNullOrWhiteSpace(fact.Text)).ToList();
        var others = known.Where(fact => !About.Contains(fact.Name)).Take(2).ToList();
        return known.Where(fact => About.Contains(fact.Name) || others.Contains(fact));
    }

    /// <summary>The texts of a list; of anything else, none.</summary>
    public IReadOnlyList<string> Texts(string name) => Facts[name] is JsonArray list ? [.. list.Select(TextOf)] : [];

    /// <summary>A fact exactly as the document has it, on one line; empty when it is not there.</summary>
    public string Exactly(string name) => Facts[name] is JsonObject or JsonArray ? Facts[name]!.ToJsonString(OneLine) : TextOf(Facts[name]);

    /// <summary>The moment in UTC with every digit that PostgreSQL keeps (microseconds), as the exports write it.</summary>
    public static string Exact(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    AuditFact Fact(string name) => new(name, name switch
    {
        "call" => Call(),
        "lane" => TextOf(Facts[name]) is not "*" and var lane ? lane : "",
        _ => TextOf(Facts[name]),
    }, false);

    string Call() => $"{TextOf(Facts["method"])} {TextOf(Facts["path"])}".Trim();

    static string TextOf(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(Indented),
    };
}
