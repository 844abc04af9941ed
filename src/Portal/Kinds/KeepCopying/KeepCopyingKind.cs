using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Portal.Huawei;

namespace Portal.Kinds.KeepCopying;

/// <summary>
/// "Keep copying": a rule in SWR that copies every later push of one repository to an organization in another region
/// (<c>sync_repo</c>). The rule has no id; its identity is source and target.
/// </summary>
public sealed class KeepCopyingKind(CloudClient cloud, IOptions<HuaweiOptions> options) : IKind
{
    // The cloud's clock and ours need not agree to the second.
    static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(60);

    /// <inheritdoc />
    public string Name => "keep-copying";

    /// <inheritdoc />
    public IReadOnlyList<string> Fields => KeepCopyingPayload.Fields;

    /// <inheritdoc />
    public string Icon => "layers";

    /// <inheritdoc />
    public Type Form => typeof(KeepCopyingForm);

    /// <inheritdoc />
    public TimeSpan ProofDeadline => TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    public string Operation => "CreateImageSyncRepo";

    /// <inheritdoc />
    public bool LooksBeforeSending => false;

    /// <inheritdoc />
    public PayloadReading Read(JsonObject input) => KeepCopyingPayload.Read(input, options.Value);

    /// <inheritdoc />
    public string SubjectOf(JsonObject payload) => ImageRoute.Of(payload).Subject(null);

    /// <inheritdoc />
    public string TargetOf(JsonObject payload, string part)
    {
        var (region, organization, repository, target) = ImageRoute.Of(payload);
        return $"rule:{region}/{organization}/{repository}->{target.Region}/{target.Organization}";
    }

    /// <inheritdoc />
    public IReadOnlyList<string> RisksOf(JsonObject payload) => payload.Flag(KeepCopyingPayload.Override) ? ["Risk.Overwrite"] : [];

    /// <inheritdoc />
    public bool IsSafeToRepeat(JsonObject payload) => !payload.Flag(KeepCopyingPayload.Override);

    /// <inheritdoc />
    public CloudCall CallFor(JsonObject payload, string part, MirrorLogin? login)
    {
        var (region, organization, repository, target) = ImageRoute.Of(payload);
        return Swr.CreateRule(
            region, organization, repository, target, payload.Flag(KeepCopyingPayload.SyncAuto), payload.Flag(KeepCopyingPayload.Override));
    }

    /// <inheritdoc />
    public async Task<CheckedPayload> CheckAsync(JsonObject payload, CancellationToken token) =>
        new(payload, await KeepCopyingPreflight.RunAsync(cloud, payload, token));

    /// <inheritdoc />
    public Task<Companion?> CompanionAsync(JsonObject payload, CancellationToken token) => KeepCopyingCompanion.OfAsync(cloud, payload, token);

    /// <inheritdoc />
    public IReadOnlyList<CloudCall> LooksFor(JsonObject payload, string part)
    {
        var (region, organization, repository, target) = ImageRoute.Of(payload);
        return [Swr.ListRules(region, organization, repository), Swr.ShowOrganization(target.Region, target.Organization)];
    }

    /// <inheritdoc />
    public bool SaysAlreadySo(Answer answer) => Swr.SaysDuplicateRule(answer);

    /// <inheritdoc />
    public Proof Judge(JsonObject payload, string part, IReadOnlyList<Answer> answers, Sending sending)
    {
        if (Swr.ReadRules(answers[0]) is not { } rules)
        {
            return new Proof(ProofVerdict.NotYet, "Proof.CouldNotRead", []);
        }

        var target = ImageRoute.Of(payload).Target;
        var syncAuto = payload.Flag(KeepCopyingPayload.SyncAuto);
        var rule = rules.FirstOrDefault(rule => rule.Target == target);
        if (rule is null)
        {
            return Missing(syncAuto, sending);
        }

        var evidence = new JsonObject
        {
            ["ruleId"] = rule.Id,
            ["syncAuto"] = rule.SyncAuto,
            ["override"] = rule.Overwrite,
            ["createdAt"] = rule.CreatedAt,
        };
        if (rule.SyncAuto != syncAuto || rule.Overwrite != payload.Flag(KeepCopyingPayload.Override))
        {
            return new Proof(ProofVerdict.Disproved, "Proof.RuleDiffers", evidence);
        }

        // SWR stores a rule toward an organization that does not exist without a word, and it never copies anything.
        if (CheckFailure.SaysMissing(answers[1]))
        {
            return new Proof(ProofVerdict.Disproved, "Proof.RuleWithoutTarget", evidence);
        }

        if (Swr.ReadOrganization(answers[1]) is null)
        {
            return new Proof(ProofVerdict.NotYet, "Proof.CouldNotRead", evidence);
        }

        return sending.AlreadySo
            ? new Proof(ProofVerdict.AlreadyThere, "Proof.RuleWasThere", evidence)
            : new Proof(ProofVerdict.Proved, "Proof.RuleListed", evidence, CreatedBy(rule, sending));
    }

    // A rule has no mark of who made it: one that is older than our call can only be somebody else's.
    static Attribution CreatedBy(SyncRule rule, Sending sending) =>
        rule.CreatedAt >= sending.SentAt - ClockSlack ? Attribution.Exact : Attribution.Inferred;

    // The list never shows rules with syncAuto=false, so their absence says nothing.
    static Proof Missing(bool syncAuto, Sending sending) => (sending.AlreadySo, sending.Accepted, syncAuto) switch
    {
        (true, _, _) => new Proof(ProofVerdict.Disproved, "Proof.RuleExistsUnreadable", []),
        (false, true, false) => new Proof(ProofVerdict.CannotBeRead, "Proof.RuleCannotBeRead", []),
        (false, false, false) => new Proof(ProofVerdict.NotYet, "Proof.RuleNotListed", []),
        (false, _, true) => new Proof(ProofVerdict.NotBegun, "Proof.RuleNotListed", []),
    };
}
