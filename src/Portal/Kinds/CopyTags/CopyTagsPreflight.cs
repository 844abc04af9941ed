using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Huawei;

namespace Portal.Kinds.CopyTags;

/// <summary>
/// Looks at every tag on both sides and freezes the digests. It matters: SWR accepts tags and organizations that do not exist and
/// says 200, and the copy fails later without a reason.
/// </summary>
static class CopyTagsPreflight
{
    const int MostNames = 8;

    // What is going to be destroyed is named in full, as far as anybody reads.
    const int MostReplaced = 40;

    public static async Task<CheckedPayload> RunAsync(CloudClient cloud, JsonObject payload, CancellationToken token)
    {
        var (region, organization, repository, target) = ImageRoute.Of(payload);
        var wanted = CopyTagsPayload.TagsOf(payload);
        var sourceRepository = cloud.ReadAsync(Swr.ShowRepository(region, organization, repository), token);
        var targetOrganization = cloud.ReadAsync(Swr.ShowOrganization(target.Region, target.Organization), token);
        var source = TagList.NamedAsync(cloud, region, organization, repository, wanted, token);
        var there = TagList.NamedAsync(cloud, target.Region, target.Organization, repository, wanted, token);

        var repositoryAnswer = await sourceRepository;
        var organizationAnswer = await targetOrganization;
        var isFrozen = CopyTagsPayload.IsFrozen(payload);
        var frozen = isFrozen ? payload : Freeze(payload, wanted, await source);
        List<Finding> findings =
        [
            CheckFailure.Presence(repositoryAnswer, "Check.Source", $"{organization}/{repository}", region),
            CheckFailure.Presence(organizationAnswer, "Check.CopyTarget", target.Organization, target.Region),
        ];
        if (!CheckFailure.SaysMissing(repositoryAnswer))
        {
            findings.AddRange(OfSource(frozen, wanted, await source, region, isFrozen));
        }

        if (!findings.Exists(finding => finding.Level == FindingLevel.Block))
        {
            findings.AddRange(OfTarget(frozen, wanted, await there, target.Region));
        }

        return new CheckedPayload(frozen, findings);
    }

    static JsonObject Freeze(JsonObject payload, IReadOnlyList<string> wanted, TagList source)
    {
        var frozen = (JsonObject)payload.DeepClone();
        frozen[CopyTagsPayload.Digests] = new JsonObject(
            wanted.Select(tag => KeyValuePair.Create(tag, (JsonNode?)(source.Problem is null ? source.Tags.GetValueOrDefault(tag)?.Digest : null))));
        return frozen;
    }

    static IEnumerable<Finding> OfSource(JsonObject payload, IReadOnlyList<string> wanted, TagList source, string region, bool isFrozen)
    {
        if (source.Problem is { } problem)
        {
            yield return CheckFailure.Of(problem, "tags", region);
            yield return new Finding(FindingLevel.Warn, "Check.Tags.Unverified");
            yield break;
        }

        var missing = wanted.Where(tag => !source.Tags.ContainsKey(tag)).ToList();
        if (missing.Count > 0)
        {
            yield return Of(FindingLevel.Block, "Check.Tags.Missing", missing);
        }

        var moved = wanted.Where(tag => source.Tags.TryGetValue(tag, out var now)
            && CopyTagsPayload.DigestOf(payload, tag) is { } digest && digest != now.Digest).ToList();
        if (moved.Count > 0)
        {
            yield return Of(FindingLevel.Block, "Check.Tags.Moved", moved);
        }

        if (isFrozen && missing.Count + moved.Count == 0)
        {
            yield return new Finding(FindingLevel.Pass, "Check.Tags.Unmoved");
        }
    }

    static IEnumerable<Finding> OfTarget(JsonObject payload, IReadOnlyList<string> wanted, TagList there, string region)
    {
        if (there.Problem is { } problem)
        {
            yield return CheckFailure.Of(problem, "tags", region);
            yield break;
        }

        var present = wanted.Where(there.Tags.ContainsKey).ToList();
        var same = present.Where(tag => CopyTagsPayload.DigestOf(payload, tag) is { } digest && digest == there.Tags[tag].Digest).ToList();
        var differing = present.Except(same).ToList();
        var absent = wanted.Except(present).ToList();
        if (absent.Count > 0)
        {
            yield return Of(FindingLevel.Pass, "Check.Tags.New", absent);
        }

        if (same.Count > 0)
        {
            yield return Of(FindingLevel.Pass, "Check.Tags.Same", same);
        }

        if (differing.Count > 0)
        {
            yield return payload.Flag(CopyTagsPayload.Override)
                ? Of(FindingLevel.Warn, "Check.Tags.Replaced", differing, MostReplaced)
                : Of(FindingLevel.Warn, "Check.Tags.NotReplaced", differing, MostReplaced);
        }
    }

    static Finding Of(FindingLevel level, string wordKey, List<string> tags, int most = MostNames) =>
        new(level, wordKey, tags.Count.ToString(CultureInfo.InvariantCulture), Names(tags, most));

    /// <summary>Some names and how many more, without language: "v1, v2, +212".</summary>
    public static string Names(IReadOnlyList<string> tags, int most) =>
        string.Join(", ", tags.Take(most).Concat(tags.Count > most ? [string.Create(CultureInfo.InvariantCulture, $"+{tags.Count - most}")] : []));
}
