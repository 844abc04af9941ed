using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Huawei;
using Portal.Kinds.CopyTags;

namespace Portal.Kinds.KeepCopying;

/// <summary>
/// A rule copies later pushes only. What is there now can be copied once, under the same approval: the tags that the target lacks.
/// </summary>
static class KeepCopyingCompanion
{
    public static async Task<Companion?> OfAsync(CloudClient cloud, JsonObject payload, CancellationToken token)
    {
        if (!payload.Flag(KeepCopyingPayload.SyncAuto))
        {
            return null;
        }

        var (region, organization, repository, target) = ImageRoute.Of(payload);
        var here = await TagList.AllAsync(cloud, region, organization, repository, token);
        if (here.Tags.Count == 0 || !here.Whole)
        {
            return null;
        }

        var there = await TagList.AllAsync(cloud, target.Region, target.Organization, repository, token);
        List<string> missing = [.. here.Tags.Keys.Where(tag => !there.Tags.ContainsKey(tag)).Take(CopyTagsPayload.MostTags)];
        if (missing.Count == 0 || !there.Whole)
        {
            return null;
        }

        var input = ImageRoute.Of(payload).ToJson();
        input[CopyTagsPayload.Tags] = new JsonArray([.. missing.Select(tag => (JsonNode)tag)]);
        input[CopyTagsPayload.Override] = false;
        return new Companion(
            CopyTagsKind.KindName, input, "Companion.CopyNow",
            Count(here.Tags.Count), Count(there.Tags.Count), Count(missing.Count));
    }

    static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);
}
