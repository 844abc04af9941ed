using System.Text.Json.Nodes;
using Portal.Huawei;

namespace Portal.Kinds.KeepCopying;

/// <summary>
/// The cheap GETs before a rule is asked for. They matter: SWR stores a rule toward an organization that does not exist and
/// says 200, and it never copies.
/// </summary>
static class KeepCopyingPreflight
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(CloudClient cloud, JsonObject payload, CancellationToken token)
    {
        var (region, organization, repository, target) = ImageRoute.Of(payload);

        var source = cloud.ReadAsync(Swr.ShowRepository(region, organization, repository), token);
        var targetOrganization = cloud.ReadAsync(Swr.ShowOrganization(target.Region, target.Organization), token);
        var rules = cloud.ReadAsync(Swr.ListRules(region, organization, repository), token);

        return
        [
            CheckFailure.Presence(await source, "Check.Source", $"{organization}/{repository}", region),
            CheckFailure.Presence(await targetOrganization, "Check.TargetOrganization", target.Organization, target.Region),
            Rule(await rules, payload, target),
            .. payload.Flag(KeepCopyingPayload.SyncAuto) ? [new Finding(FindingLevel.Warn, "Check.OnlyLaterPushes")] : Array.Empty<Finding>(),
            .. payload.Flag(KeepCopyingPayload.SyncAuto) ? [] : new[] { new Finding(FindingLevel.Warn, "Check.RuleWillBeHidden") },
            .. payload.Flag(KeepCopyingPayload.Override) ? [new Finding(FindingLevel.Warn, "Check.Overwrites")] : Array.Empty<Finding>(),
        ];
    }

    static Finding Rule(Answer answer, JsonObject payload, SyncTarget target)
    {
        // A missing repository is said above already; there can be no rule on it.
        if (CheckFailure.SaysMissing(answer))
        {
            return new Finding(FindingLevel.Pass, "Check.Rule.None");
        }

        if (Swr.ReadRules(answer) is not { } rules)
        {
            return CheckFailure.Of(answer, "sync_repo", payload.Text(RouteField.SourceRegion));
        }

        var rule = rules.FirstOrDefault(rule => rule.Target == target);
        if (rule is null)
        {
            return new Finding(FindingLevel.Pass, "Check.Rule.None");
        }

        var same = rule.SyncAuto == payload.Flag(KeepCopyingPayload.SyncAuto) && rule.Overwrite == payload.Flag(KeepCopyingPayload.Override);
        return new Finding(FindingLevel.Block, same ? "Check.Rule.Same" : "Check.Rule.Different");
    }
}
