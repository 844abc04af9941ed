using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Portal.Huawei;

namespace Portal.Kinds.CopyTags;

/// <summary>
/// "Copy tags now": copies tags of a repository once to an organization in another region (<c>sync_images</c>), one call per tag, so that
/// each has an outcome of its own. The content is frozen at submit: a tag that moves before it is sent is not sent.
/// </summary>
public sealed class CopyTagsKind(CloudClient cloud, IOptions<HuaweiOptions> options) : IKind
{
    /// <summary>The kind's name, for whoever offers it together with another.</summary>
    public const string KindName = "copy-tags";

    const int NamesInSubject = 2;

    // More is not documented to be possible for the list of copies.
    const int NewestJobs = 100;

    /// <inheritdoc />
    public string Name => KindName;

    /// <inheritdoc />
    public IReadOnlyList<string> Fields => CopyTagsPayload.Fields;

    /// <inheritdoc />
    public string Icon => "copy";

    /// <inheritdoc />
    public Type Form => typeof(CopyTagsForm);

    /// <inheritdoc />
    public TimeSpan ProofDeadline => TimeSpan.FromMinutes(60);

    /// <inheritdoc />
    public string Operation => "CreateManualImageSyncRepo";

    /// <inheritdoc />
    public bool LooksBeforeSending => true;

    /// <inheritdoc />
    public PayloadReading Read(JsonObject input) => CopyTagsPayload.Read(input, options.Value);

    /// <inheritdoc />
    public string SubjectOf(JsonObject payload) =>
        ImageRoute.Of(payload).Subject(CopyTagsPreflight.Names(CopyTagsPayload.TagsOf(payload), NamesInSubject));

    /// <inheritdoc />
    public IReadOnlyList<string> PartsOf(JsonObject payload) => CopyTagsPayload.TagsOf(payload);

    /// <inheritdoc />
    public string TargetOf(JsonObject payload, string part)
    {
        var (region, organization, repository, target) = ImageRoute.Of(payload);
        return $"copy:{region}/{organization}/{repository}:{part}->{target.Region}/{target.Organization}";
    }

    /// <inheritdoc />
    public IReadOnlyList<string> RisksOf(JsonObject payload) => payload.Flag(CopyTagsPayload.Override) ? ["Risk.Overwrite"] : [];

    /// <inheritdoc />
    public bool IsSafeToRepeat(JsonObject payload) => !payload.Flag(CopyTagsPayload.Override);

    /// <inheritdoc />
    public CloudCall CallFor(JsonObject payload, string part, MirrorLogin? login)
    {
        var (region, organization, repository, target) = ImageRoute.Of(payload);
        return Swr.CopyTags(region, organization, repository, [part], target, payload.Flag(CopyTagsPayload.Override));
    }

    /// <inheritdoc />
    public Task<CheckedPayload> CheckAsync(JsonObject payload, CancellationToken token) => CopyTagsPreflight.RunAsync(cloud, payload, token);

    /// <inheritdoc />
    public IReadOnlyList<CloudCall> LooksFor(JsonObject payload, string part)
    {
        var (region, organization, repository, target) = ImageRoute.Of(payload);
        return
        [
            Swr.ShowTag(region, organization, repository, part),
            Swr.ListJobs(region, organization, repository, NewestJobs, 0),
            Swr.ShowTag(target.Region, target.Organization, repository, part),
        ];
    }

    /// <inheritdoc />
    public Readiness ReadyFrom(JsonObject payload, string part, IReadOnlyList<Answer> answers)
    {
        var seen = CopySeen.In(answers, part);
        var moved = CopyTagsPayload.DigestOf(payload, part) is { } frozen && seen.SourceReadable && seen.Source?.Digest != frozen;
        return new Readiness(seen.ToBaseline(), moved ? "Note.ChangedSinceApproval" : null);
    }

    /// <inheritdoc />
    public Proof Judge(JsonObject payload, string part, IReadOnlyList<Answer> answers, Sending sending) =>
        new CopyJudgement(payload, part, CopySeen.In(answers, part), sending, NewestJobs).Verdict();
}
