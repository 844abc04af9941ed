using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Huawei;

namespace Portal.Kinds.CopyTags;

/// <summary>
/// The fields of a copy of tags and their rules
/// (<see href="https://support.huaweicloud.com/api-swr/swr_02_0014.html">CreateManualImageSyncRepo</see>).
/// </summary>
public static partial class CopyTagsPayload
{
    public const string Tags = "tags";
    public const string Override = "override";

    /// <summary>
    /// The digest of each tag at submit, or null where it could not be read. Never a field: only the check before submitting fills it.
    /// </summary>
    public const string Digests = "digests";

    /// <summary>Most tags of one request: each is a call of its own.</summary>
    public const int MostTags = 500;

    /// <summary>All fields, in the order of the form.</summary>
    public static IReadOnlyList<string> Fields { get; } = [.. RouteField.Source, Tags, .. RouteField.Target, Override];

    /// <summary>Reads and checks the fields.</summary>
    public static PayloadReading Read(JsonObject input, HuaweiOptions cloud)
    {
        var reader = new PayloadReader(input);
        var payload = ImageRoute.Read(reader, cloud).ToJson();
        var tags = reader.Texts(Tags, TagPattern(), 128, MostTags, "Field.TooManyTags", "Field.TagPattern");
        payload[Tags] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]);
        payload[Override] = reader.Flag(Override);
        return reader.Done(payload);
    }

    /// <summary>The tags of a payload that passed the rules.</summary>
    public static IReadOnlyList<string> TagsOf(JsonObject payload) => [.. payload[Tags]!.AsArray().Select(tag => tag!.GetValue<string>())];

    /// <summary>True when the digests were frozen already.</summary>
    public static bool IsFrozen(JsonObject payload) => payload[Digests] is JsonObject;

    /// <summary>The digest that was frozen for a tag; null when it could not be read then.</summary>
    public static string? DigestOf(JsonObject payload, string tag) => (payload[Digests] as JsonObject)?[tag]?.GetValue<string>();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex TagPattern();
}
