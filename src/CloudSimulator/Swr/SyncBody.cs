using System.Text.Json;
using CloudSimulator.Gateway;

namespace CloudSimulator.Swr;

/// <summary>The fields that the sync calls share, read strictly (huawei-api 1.2, 1.4, 1.5).</summary>
/// <param name="Tags">Only for <c>sync_images</c>; empty elsewhere.</param>
sealed record SyncBody(SyncTarget Target, bool SyncAuto, bool Override, IReadOnlyList<string> Tags)
{
    /// <summary>The fields, or the error: not JSON, a mandatory field missing, a field of the wrong type, or a bad organization name.</summary>
    public static (SyncBody? Body, SwrError? Error) Read(ReceivedRequest received, bool withTags)
    {
        if (received.JsonObject() is not { } json)
            return (null, SwrError.BodyType);
        if (IsWrong(json, "remoteRegionId", JsonValueKind.String) || IsWrong(json, "remoteNamespace", JsonValueKind.String)
            || IsWrong(json, "syncAuto", JsonValueKind.True, JsonValueKind.False) || IsWrong(json, "override", JsonValueKind.True, JsonValueKind.False))
            return (null, SwrError.BodyType);
        if (json.Text("remoteRegionId") is not { } region || json.Text("remoteNamespace") is not { } ns)
            return (null, SwrError.FieldMissing);
        if (!SwrNames.IsNamespace(ns))
            return (null, SwrError.NamespaceInvalid);
        var (tags, error) = withTags ? ReadTags(json) : ([], null);
        return error is null ? (new SyncBody(new SyncTarget(region, ns), Flag(json, "syncAuto"), Flag(json, "override"), tags), null) : (null, error);
    }

    static (IReadOnlyList<string> Tags, SwrError? Error) ReadTags(JsonElement json)
    {
        if (!json.TryGetProperty("imageTag", out var tags) || tags.ValueKind == JsonValueKind.Null)
            return ([], SwrError.FieldMissing);
        if (tags.ValueKind != JsonValueKind.Array)
            return ([], SwrError.BodyType);
        var names = tags.EnumerateArray().Select(tag => tag.Text()).OfType<string>().ToList();
        if (names.Count != tags.GetArrayLength())
            return ([], SwrError.BodyType);
        if (names.Count == 0)
            return ([], SwrError.FieldMissing);
        return names.TrueForAll(SwrNames.IsTag) ? (names, null) : ([], SwrError.ParameterInvalid);
    }

    static bool IsWrong(JsonElement json, string name, params JsonValueKind[] allowed) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null && !allowed.Contains(value.ValueKind);

    static bool Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
