using System.Text.Json.Nodes;
using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Huawei;

namespace Portal.Kinds;

/// <summary>
/// One thing that can be asked for. A kind is a folder: its form, its payload and rules, its preflight, its call and its proof.
/// Everything but <see cref="CheckAsync"/> is pure.
/// </summary>
public interface IKind
{
    /// <summary>Stable name: in addresses, rows and audit events. Never changes.</summary>
    string Name { get; }

    /// <summary>The fields of its payload in the order of its form, to show them in.</summary>
    IReadOnlyList<string> Fields { get; }

    /// <summary>Name of its icon in the catalogue.</summary>
    string Icon { get; }

    /// <summary>The Razor component that fills the payload; it derives from <see cref="KindForm"/>.</summary>
    Type Form { get; }

    /// <summary>Reads what somebody sent, of whatever shape, into a payload that is exactly of this kind, or says what is wrong and where.</summary>
    PayloadReading Read(JsonObject input);

    /// <summary>The wish in one line without language, for lists: what, from where, to where.</summary>
    string SubjectOf(JsonObject payload);

    /// <summary>The operation of the cloud's API, as its documentation names it: each has a rate budget of its own in each region.</summary>
    string Operation { get; }

    /// <summary>The single calls that the wish is made of, by name, in the order to make them; a wish that is one call has one nameless part.</summary>
    IReadOnlyList<string> PartsOf(JsonObject payload) => [""];

    /// <summary>
    /// Name of what the call of a part changes, as the cloud knows it. At most one call per target is under way at a time.
    /// </summary>
    string TargetOf(JsonObject payload, string part);

    /// <summary>What an approver must know before agreeing, as keys of <c>Words</c>: overwriting, forcing.</summary>
    IReadOnlyList<string> RisksOf(JsonObject payload);

    /// <summary>
    /// True when making the call twice does no more harm than making it once. Only then the portal sends again by itself after it saw
    /// that nothing of an unknown call had come about.
    /// </summary>
    bool IsSafeToRepeat(JsonObject payload);

    /// <summary>The call to make for a part. <paramref name="login"/> only for kinds that can take one.</summary>
    CloudCall CallFor(JsonObject payload, string part, MirrorLogin? login);

    /// <summary>The first call as people see it before it is made: a login shows as three stars.</summary>
    CloudCall PreviewFor(JsonObject payload) =>
        CallFor(payload, PartsOf(payload)[0], payload.Flag("loginGiven") ? new MirrorLogin(new Secret(Secret.Mask), new Secret(Secret.Mask)) : null);

    /// <summary>
    /// Read-only look at the cloud before submitting: is the source there, is the target there, is the wish already fulfilled? Also
    /// pins what may move until it is sent, so that people agree to exactly one content.
    /// </summary>
    Task<CheckedPayload> CheckAsync(JsonObject payload, CancellationToken token);

    /// <summary>
    /// Another wish that usually belongs to this one and can be asked for together with it, under one approval; null when there is none.
    /// Looks at the cloud.
    /// </summary>
    Task<Companion?> CompanionAsync(JsonObject payload, CancellationToken token) => Task.FromResult<Companion?>(null);

    /// <summary>The GETs whose answers together can prove the effect of a part.</summary>
    IReadOnlyList<CloudCall> LooksFor(JsonObject payload, string part);

    /// <summary>True when the target must be seen just before sending: <see cref="ReadyFrom"/> then gets the answers.</summary>
    bool LooksBeforeSending { get; }

    /// <summary>What the answers to <see cref="LooksFor"/> say just before sending: what to remember, and whether it may still be sent.</summary>
    Readiness ReadyFrom(JsonObject payload, string part, IReadOnlyList<Answer> answers) => new(null, null);

    /// <summary>
    /// True when a refusal means that the wish is fulfilled already (the rule exists, the rule is gone): it is then compared with the
    /// wish instead of being taken for a failure.
    /// </summary>
    bool SaysAlreadySo(Answer answer) => false;

    /// <summary>True when an accepted call of this kind returns a receipt (<c>jid</c>).</summary>
    bool ReturnsReceipt => false;

    /// <summary>Says what the answers to <see cref="LooksFor"/> prove.</summary>
    Proof Judge(JsonObject payload, string part, IReadOnlyList<Answer> answers, Sending sending);

    /// <summary>How long after sending to look for proof before saying that the outcome is unknown.</summary>
    TimeSpan ProofDeadline { get; }
}

/// <summary>A payload with everything pinned that could move, and what the look at the cloud found.</summary>
public sealed record CheckedPayload(JsonObject Payload, IReadOnlyList<Finding> Findings);

/// <summary>A wish that belongs to another: its kind, its fields as a form would send them, and a sentence from <c>Words</c> that offers it.</summary>
public sealed record Companion(string Kind, JsonObject Input, string WordKey, params string[] Arguments);

/// <summary>What was seen just before sending.</summary>
/// <param name="Baseline">What the target looked like, to compare with later; null when it could not be read.</param>
/// <param name="WhyNot">Key of the sentence why it must not be sent any more; null when it may.</param>
public sealed record Readiness(JsonObject? Baseline, string? WhyNot);

/// <summary>A payload that passed the kind's rules, or the fields that did not.</summary>
public sealed record PayloadReading(JsonObject? Payload, IReadOnlyList<FieldProblem> Problems)
{
    /// <summary>True when the payload can be used.</summary>
    public bool IsValid => Payload is not null && Problems.Count == 0;
}

/// <summary>What is wrong at one field: the field's name in the payload, and a sentence from <c>Words</c> with its slots.</summary>
public sealed record FieldProblem(string Field, string WordKey, params object[] Arguments)
{
    /// <summary>The sentence at one field, or null where nothing is wrong.</summary>
    public static string? At(string field, IEnumerable<FieldProblem> problems, IStringLocalizer words) =>
        problems.FirstOrDefault(problem => problem.Field == field) is { } found ? words[found.WordKey, found.Arguments].Value : null;
}

/// <summary>How a check went.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Pass,

    /// <summary>Worth knowing; can be submitted all the same.</summary>
    Warn,

    /// <summary>Cannot work; submitting is refused.</summary>
    Block,
}

/// <summary>One line of a preflight: a sentence from <c>Words</c> with its slots.</summary>
public sealed record Finding(FindingLevel Level, string WordKey, params string[] Arguments)
{
    /// <summary>Findings as they are stored and audited.</summary>
    public static JsonArray ToJson(IEnumerable<Finding> findings) => [.. findings.Select(finding => new JsonObject
    {
        ["level"] = finding.Level.ToString(),
        ["word"] = finding.WordKey,
        ["arguments"] = new JsonArray([.. finding.Arguments.Select(argument => (JsonNode)argument)]),
    })];

    /// <summary>Findings as <see cref="ToJson"/> wrote them.</summary>
    public static IReadOnlyList<Finding> Parse(string json) => [.. JsonNode.Parse(json)!.AsArray().Select(node => new Finding(
        Enum.Parse<FindingLevel>(node!["level"]!.GetValue<string>()),
        node["word"]!.GetValue<string>(),
        [.. node["arguments"]!.AsArray().Select(argument => argument?.GetValue<string>() ?? "")]))];
}

/// <summary>What is known of a call that was sent: what a proof is judged against.</summary>
/// <param name="SentAt">When the first attempt that may have had an effect was written, by the database's clock.</param>
/// <param name="Baseline">What the target looked like just before, if the kind asked for it and it could be read.</param>
/// <param name="Accepted">True when the cloud answered 2xx; false while that is not known.</param>
/// <param name="AlreadySo">True when the cloud answered that the wish is fulfilled already.</param>
public sealed record Sending(DateTimeOffset SentAt, JsonObject? Baseline, bool Accepted, bool AlreadySo);

/// <summary>What a look at the target says about the effect of a call.</summary>
public enum ProofVerdict
{
    /// <summary>The effect is there.</summary>
    Proved,

    /// <summary>It was there already; the call changed nothing.</summary>
    AlreadyThere,

    /// <summary>Nothing can be said yet: it is under way, or the cloud could not be read.</summary>
    NotYet,

    /// <summary>The cloud could be read and nothing of the call has begun.</summary>
    NotBegun,

    /// <summary>Accepted, and the cloud has no way to show it.</summary>
    CannotBeRead,

    /// <summary>The effect did not and will not come about.</summary>
    Disproved,
}

/// <summary>How sure it is that what is seen was brought about by our call and not by somebody else's. Stored by name.</summary>
public enum Attribution
{
    /// <summary>Only our call can have done it.</summary>
    Exact,

    /// <summary>Another call for the same thing overlapped: one of the two did it.</summary>
    Shared,

    /// <summary>It fits in time; nothing else ties it to our call.</summary>
    Inferred,
}

/// <summary>A verdict, a sentence from <c>Words</c> that explains it, and the facts it rests on.</summary>
/// <param name="Verdict">What is known now.</param>
/// <param name="WordKey">The sentence for people.</param>
/// <param name="Evidence">The facts, as the cloud told them.</param>
/// <param name="Attribution">How sure it is that our call did it; null while there is no effect to attribute.</param>
/// <param name="Effects">How many effects of ours were counted; more than one is a duplicate that somebody should know of.</param>
public sealed record Proof(ProofVerdict Verdict, string WordKey, JsonObject Evidence, Attribution? Attribution = null, int Effects = 1);
