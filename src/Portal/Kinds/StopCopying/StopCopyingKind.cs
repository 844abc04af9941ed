using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Portal.Huawei;

namespace Portal.Kinds.StopCopying;

/// <summary>"Stop copying": deletes a rule of <c>sync_repo</c>. A rule that is gone is what was wished for, whoever removed it.</summary>
public sealed class StopCopyingKind(CloudClient cloud, IOptions<HuaweiOptions> options) : IKind
{
    const string Listed = "listed";

    /// <inheritdoc />
    public string Name => "stop-copying";

    /// <inheritdoc />
    public IReadOnlyList<string> Fields => StopCopyingPayload.Fields;

    /// <inheritdoc />
    public string Icon => "x-circle";

    /// <inheritdoc />
    public Type Form => typeof(StopCopyingForm);

    /// <inheritdoc />
    public TimeSpan ProofDeadline => TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    public string Operation => "DeleteImageSyncRepo";

    /// <inheritdoc />
    public bool LooksBeforeSending => true;

    /// <inheritdoc />
    public PayloadReading Read(JsonObject input) => StopCopyingPayload.Read(input, options.Value);

    /// <inheritdoc />
    public string SubjectOf(JsonObject payload) => ImageRoute.Of(payload).Subject(null);

    // The same name as that of the rule that "Keep copying" makes: the two must not be under way together.
    /// <inheritdoc />
    public string TargetOf(JsonObject payload, string part)
    {
        var (region, organization, repository, target) = ImageRoute.Of(payload);
        return $"rule:{region}/{organization}/{repository}->{target.Region}/{target.Organization}";
    }

    /// <inheritdoc />
    public IReadOnlyList<string> RisksOf(JsonObject payload) => [];

    /// <inheritdoc />
    public bool IsSafeToRepeat(JsonObject payload) => true;

    /// <inheritdoc />
    public CloudCall CallFor(JsonObject payload, string part, MirrorLogin? login)
    {
        var (region, organization, repository, target) = ImageRoute.Of(payload);
        return Swr.DeleteRule(region, organization, repository, target);
    }

    /// <inheritdoc />
    public async Task<CheckedPayload> CheckAsync(JsonObject payload, CancellationToken token) =>
        new(payload, await StopCopyingPreflight.RunAsync(cloud, payload, token));

    /// <inheritdoc />
    public IReadOnlyList<CloudCall> LooksFor(JsonObject payload, string part)
    {
        var (region, organization, repository, _) = ImageRoute.Of(payload);
        return [Swr.ListRules(region, organization, repository)];
    }

    /// <inheritdoc />
    public Readiness ReadyFrom(JsonObject payload, string part, IReadOnlyList<Answer> answers)
    {
        var (readable, rule) = RuleIn(payload, answers[0]);
        return new Readiness(readable ? Facts(rule) : null, WhyNot: null);
    }

    /// <inheritdoc />
    public bool SaysAlreadySo(Answer answer) => Swr.SaysRuleMissing(answer);

    /// <inheritdoc />
    public Proof Judge(JsonObject payload, string part, IReadOnlyList<Answer> answers, Sending sending)
    {
        var (readable, rule) = RuleIn(payload, answers[0]);
        if (!readable)
        {
            return new Proof(ProofVerdict.NotYet, "Proof.CouldNotRead", []);
        }

        var evidence = Facts(rule);
        if (rule is not null)
        {
            return new Proof(sending.Accepted || sending.AlreadySo ? ProofVerdict.NotYet : ProofVerdict.NotBegun, "Proof.RuleStillListed", evidence);
        }

        var wasListed = sending.Baseline?[Listed]?.GetValue<bool>() == true;
        return (sending.AlreadySo, wasListed, sending.Accepted) switch
        {
            (true, _, _) => new Proof(ProofVerdict.AlreadyThere, "Proof.RuleWasGone", evidence),
            (false, true, true) => new Proof(ProofVerdict.Proved, "Proof.RuleGone", evidence, Attribution.Exact),
            (false, true, false) => new Proof(ProofVerdict.Proved, "Proof.RuleGone", evidence, Attribution.Inferred),
            // The list never shows rules with syncAuto=false, so that an absence that was there before says nothing.
            (false, false, true) => new Proof(ProofVerdict.CannotBeRead, "Proof.RuleGoneUnseen", evidence),
            (false, false, false) => new Proof(ProofVerdict.NotBegun, "Proof.RuleGoneUnseen.NotSent", evidence),
        };
    }

    // A repository that is gone took its rules with it.
    static (bool Readable, SyncRule? Rule) RuleIn(JsonObject payload, Answer answer) =>
        CheckFailure.SaysMissing(answer) ? (true, null)
        : Swr.ReadRules(answer) is { } rules ? (true, rules.FirstOrDefault(rule => rule.Target == ImageRoute.Of(payload).Target))
        : (false, null);

    static JsonObject Facts(SyncRule? rule)
    {
        var facts = new JsonObject { [Listed] = rule is not null };
        if (rule is not null)
        {
            facts["ruleId"] = rule.Id;
            facts["override"] = rule.Overwrite;
            facts["createdAt"] = rule.CreatedAt;
        }

        return facts;
    }
}
