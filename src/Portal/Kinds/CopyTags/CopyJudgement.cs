using System.Text.Json.Nodes;
using Portal.Huawei;

namespace Portal.Kinds.CopyTags;

/// <summary>
/// Says whether one tag was copied. The call returns no job, so the job is found by tag, target, setting and time; and only the digest
/// in the target proves anything: a job's word alone does not.
/// </summary>
sealed class CopyJudgement(JsonObject payload, string tag, CopySeen seen, Sending sending, int mostJobs)
{
    // The cloud's clock and ours need not agree to the second.
    static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(60);

    readonly SyncTarget target = ImageRoute.Of(payload).Target;
    readonly bool overwrite = payload.Flag(CopyTagsPayload.Override);

    // Without a frozen digest, what the source held just before sending is the next best.
    readonly string? wanted =
        CopyTagsPayload.DigestOf(payload, tag) ?? CopySeen.SourceDigestOf(sending.Baseline) ?? seen.Source?.Digest;

    public Proof Verdict()
    {
        List<SyncJob> mine = [.. (seen.Jobs ?? []).Where(IsOurs).OrderByDescending(job => job.Id)];
        return mine.Count == 0 ? WithoutJob() : WithJobs(mine);
    }

    bool IsWantedThere => wanted is not null && seen.Target?.Digest == wanted;

    Proof WithJobs(List<SyncJob> mine)
    {
        var evidence = Evidence(mine[0], mine.Count);
        var attribution = mine.Select(job => job.OperatorId).Distinct().Count() > 1 ? Attribution.Shared : Attribution.Exact;
        var effects = mine.GroupBy(job => job.OperatorId).Max(group => group.Count());
        Proof Say(ProofVerdict verdict, string word, bool attributed = false) => new(verdict, word, evidence, attributed ? attribution : null, effects);

        var copied = mine.Exists(job => job.Status == "success");
        var existed = mine.Exists(job => job.Status == "existed");
        if (mine.Exists(job => !HasEnded(job)) && !(copied && IsWantedThere))
        {
            return Say(ProofVerdict.NotYet, "Proof.CopyRunning");
        }

        if (!copied && !existed)
        {
            return Say(ProofVerdict.Disproved, "Proof.CopyFailed", attributed: true);
        }

        if (!seen.TargetReadable)
        {
            return Say(ProofVerdict.NotYet, "Proof.CouldNotRead");
        }

        if (IsWantedThere)
        {
            return !copied || CopySeen.HadBefore(sending.Baseline, wanted!)
                ? Say(ProofVerdict.AlreadyThere, "Proof.TagWasThere")
                : Say(ProofVerdict.Proved, "Proof.TagCopied", attributed: true);
        }

        // "existed" is also the cloud's word for "another image has this name, and you did not want it overwritten".
        return !copied && !overwrite && wanted is not null && seen.Target is not null
            ? Say(ProofVerdict.Disproved, "Proof.TagNotReplaced", attributed: true)
            : Say(ProofVerdict.NotYet, "Proof.CopyNotVisible");
    }

    Proof WithoutJob()
    {
        var evidence = Evidence(null, 0);
        if (IsWantedThere)
        {
            return CopySeen.HadBefore(sending.Baseline, wanted!)
                ? new Proof(ProofVerdict.AlreadyThere, "Proof.TagWasThere", evidence)
                : new Proof(ProofVerdict.Proved, "Proof.TagThereWithoutJob", evidence, Attribution.Inferred);
        }

        if (seen.Jobs is null || !seen.TargetReadable)
        {
            return new Proof(ProofVerdict.NotYet, "Proof.CouldNotRead", evidence);
        }

        return sending.Accepted || !ReachesBack(seen.Jobs)
            ? new Proof(ProofVerdict.NotYet, "Proof.CopyNotListed", evidence)
            : new Proof(ProofVerdict.NotBegun, "Proof.CopyNotListed", evidence);
    }

    bool IsOurs(SyncJob job) =>
        job.Tag == tag && job.Target == target && (job.Overwrite ?? overwrite) == overwrite
        && (job.CreatedAt is null || job.CreatedAt >= sending.SentAt - ClockSlack)
        && job.Id > (CopySeen.NewestJobOf(sending.Baseline) ?? 0);

    // With hundreds of copies after ours, ours would not be among the newest: its absence says nothing then.
    bool ReachesBack(IReadOnlyList<SyncJob> jobs) =>
        jobs.Count < mostJobs
        || jobs.Any(job => job.CreatedAt < sending.SentAt - ClockSlack || job.Id <= CopySeen.NewestJobOf(sending.Baseline));

    static bool HasEnded(SyncJob job) => job.Status is "success" or "existed" or "failed" or "timeout" or "cancel";

    JsonObject Evidence(SyncJob? job, int jobs)
    {
        var evidence = new JsonObject { ["targetDigest"] = seen.Target?.Digest, ["wantedDigest"] = wanted };
        if (job is not null)
        {
            evidence["job"] = job.Id;
            evidence["status"] = job.Status;
            evidence["jobs"] = jobs;
            evidence["operator"] = job.OperatorName ?? job.OperatorId;
            evidence["createdAt"] = job.CreatedAt;
        }

        return evidence;
    }
}
