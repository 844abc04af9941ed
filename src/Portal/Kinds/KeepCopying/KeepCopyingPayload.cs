using System.Text.Json.Nodes;
using Portal.Huawei;

namespace Portal.Kinds.KeepCopying;

/// <summary>
/// The fields of a <c>sync_repo</c> rule and their rules
/// (<see href="https://support.huaweicloud.com/api-swr/swr_02_0012.html">CreateImageSyncRepo</see>).
/// </summary>
public static class KeepCopyingPayload
{
    public const string SyncAuto = "syncAuto";
    public const string Override = "override";

    /// <summary>All fields, in the order of the form.</summary>
    public static IReadOnlyList<string> Fields { get; } = [.. RouteField.All, SyncAuto, Override];

    /// <summary>Reads and checks the fields against the API's patterns and the configured regions.</summary>
    public static PayloadReading Read(JsonObject input, HuaweiOptions cloud)
    {
        var reader = new PayloadReader(input);
        var payload = ImageRoute.Read(reader, cloud).ToJson();
        payload[SyncAuto] = reader.Flag(SyncAuto);
        payload[Override] = reader.Flag(Override);
        return reader.Done(payload);
    }
}
