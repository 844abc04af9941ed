using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Huawei;

namespace Portal.Kinds.SyncMirror;

/// <summary>What one look at the mirror says before a synchronization is asked for.</summary>
static class SyncMirrorPreflight
{
    public static IEnumerable<Finding> Read(Answer answer, JsonObject payload)
    {
        var id = payload[SyncMirrorPayload.RepositoryId]!.ToString();
        var region = payload.Text(SyncMirrorPayload.Region);
        if (CheckFailure.SaysMissing(answer))
        {
            yield return new Finding(FindingLevel.Block, "Check.Mirror.Missing", id, region);
            yield break;
        }

        if (CodeArts.ReadMirror(answer) is not { } state)
        {
            yield return CheckFailure.Of(answer, id, region);
            yield break;
        }

        yield return new Finding(FindingLevel.Pass, "Check.Mirror.There", id, state.Url ?? "–");
        yield return state.LastSuccessfulUpdateAt is { } last
            ? new Finding(FindingLevel.Pass, "Check.Mirror.LastSuccess", last.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture))
            : new Finding(FindingLevel.Warn, "Check.Mirror.NeverSucceeded");
        if (state.UpdateStatus is "started" or "scheduled")
        {
            yield return new Finding(FindingLevel.Warn, "Check.Mirror.Running", state.UpdateStatus);
        }

        if (state.NumberOfFailures > 0)
        {
            yield return new Finding(
                FindingLevel.Warn, "Check.Mirror.Failing", state.NumberOfFailures.ToString(CultureInfo.InvariantCulture), state.LastError ?? "–");
        }

        if (payload.Flag(SyncMirrorPayload.ForceFetch))
        {
            yield return new Finding(FindingLevel.Warn, "Check.Mirror.Force");
        }
    }
}
