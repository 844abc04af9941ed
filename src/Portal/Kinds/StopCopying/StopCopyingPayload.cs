using System.Text.Json.Nodes;
using Portal.Huawei;

namespace Portal.Kinds.StopCopying;

/// <summary>
/// The fields that name a rule to delete
/// (<see href="https://support.huaweicloud.com/api-swr/swr_02_0013.html">DeleteImageSyncRepo</see>).
/// </summary>
public static class StopCopyingPayload
{
    /// <summary>All fields, in the order of the form.</summary>
    public static IReadOnlyList<string> Fields => RouteField.All;

    /// <summary>Reads and checks the fields.</summary>
    public static PayloadReading Read(JsonObject input, HuaweiOptions cloud)
    {
        var reader = new PayloadReader(input);
        return reader.Done(ImageRoute.Read(reader, cloud).ToJson());
    }
}
