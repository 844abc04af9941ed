using System.Text.Json.Nodes;
using Portal.Huawei;

namespace Portal.Kinds.CopyTags;

/// <summary>What the three looks at one tag show: the source, the newest copies, the target.</summary>
/// <param name="SourceReadable">False when nothing is known of the source.</param>
/// <param name="Source">The tag in the source; null when it is not there.</param>
/// <param name="Jobs">The newest copies of the repository, newest first; null when they could not be read.</param>
/// <param name="TargetReadable">False when nothing is known of the target.</param>
/// <param name="Target">The tag in the target; null when it is not there.</param>
sealed record CopySeen(bool SourceReadable, ImageTag? Source, IReadOnlyList<SyncJob>? Jobs, bool TargetReadable, ImageTag? Target)
{
    const string SourceDigest = "sourceDigest";
    const string TargetDigest = "targetDigest";
    const string TargetWasRead = "targetRead";
    const string NewestJob = "newestJob";

    /// <summary>Reads the answers to the looks, in their order.</summary>
    public static CopySeen In(IReadOnlyList<Answer> answers, string tag)
    {
        var (sourceReadable, source) = TagList.Read(answers[0], tag);
        var (targetReadable, target) = TagList.Read(answers[2], tag);
        return new CopySeen(sourceReadable, source, Swr.ReadJobs(answers[1]), targetReadable, target);
    }

    /// <summary>What to remember of the moment before sending.</summary>
    public JsonObject ToBaseline() => new()
    {
        [SourceDigest] = Source?.Digest,
        [TargetDigest] = Target?.Digest,
        [TargetWasRead] = TargetReadable,
        [NewestJob] = Jobs is null ? null : Jobs.Count == 0 ? 0 : Jobs.Max(job => job.Id),
    };

    /// <summary>The source's digest in a baseline.</summary>
    public static string? SourceDigestOf(JsonObject? baseline) => baseline?[SourceDigest]?.GetValue<string>();

    /// <summary>True when the target was seen before sending and held exactly this.</summary>
    public static bool HadBefore(JsonObject? baseline, string digest) =>
        baseline?[TargetWasRead]?.GetValue<bool>() == true && baseline[TargetDigest]?.GetValue<string>() == digest;

    /// <summary>The newest copy before sending; null when it is not known.</summary>
    public static long? NewestJobOf(JsonObject? baseline) => baseline?[NewestJob]?.GetValue<long>();
}
