using System.Text.Json.Nodes;
using Portal.Huawei;

namespace Portal.Kinds.StopCopying;

/// <summary>The cheap GETs before a rule is deleted: is it there, and how is it set?</summary>
static class StopCopyingPreflight
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(CloudClient cloud, JsonObject payload, CancellationToken token)
    {
        var (region, organization, repository, target) = ImageRoute.Of(payload);
        var source = cloud.ReadAsync(Swr.ShowRepository(region, organization, repository), token);
        var rules = cloud.ReadAsync(Swr.ListRules(region, organization, repository), token);
        var presence = CheckFailure.Presence(await source, "Check.Source", $"{organization}/{repository}", region);
        return presence.Level == FindingLevel.Block
            ? [presence]
            : [presence, Rule(await rules, region, target), new Finding(FindingLevel.Pass, "Check.CopiesStay")];
    }

    static Finding Rule(Answer answer, string region, SyncTarget target)
    {
        if (Swr.ReadRules(answer) is not { } rules)
        {
            return CheckFailure.Of(answer, "sync_repo", region);
        }

        return rules.FirstOrDefault(rule => rule.Target == target) switch
        {
            null => new Finding(FindingLevel.Warn, "Check.StopRule.NotListed"),
            { Overwrite: true } => new Finding(FindingLevel.Pass, "Check.StopRule.ListedOverwriting"),
            _ => new Finding(FindingLevel.Pass, "Check.StopRule.Listed"),
        };
    }
}
