using System.Text.Json.Nodes;
using Microsoft.Extensions.Localization;
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

    /// <summary>
    /// Name of what the call changes, as the cloud knows it. At most one call per target is under way at a time.
    /// </summary>
    string TargetOf(JsonObject payload);

    /// <summary>What an approver must know before agreeing, as keys of <c>Words</c>: overwriting, forcing.</summary>
    IReadOnlyList<string> RisksOf(JsonObject payload);

    /// <summary>The call to make. <paramref name="login"/> only for kinds that can take one.</summary>
    CloudCall CallFor(JsonObject payload, MirrorLogin? login);

    /// <summary>The call as people see it before it is made: a login shows as three stars.</summary>
    CloudCall PreviewFor(JsonObject payload) => CallFor(payload, payload.Flag("loginGiven") ? new MirrorLogin("***", "***") : null);

    /// <summary>Read-only look at the cloud before submitting: is the source there, is the target there, is the wish already fulfilled?</summary>
    Task<IReadOnlyList<Finding>> CheckAsync(JsonObject payload, CancellationToken token);

    /// <summary>The GET whose answer can prove the effect.</summary>
    CloudCall ProofCallFor(JsonObject payload);

    /// <summary>
    /// What to remember of the target just before sending, from an answer to <see cref="ProofCallFor"/>; null when this kind needs
    /// nothing to compare with.
    /// </summary>
    JsonObject? BaselineFrom(Answer answer);

    /// <summary>True when <see cref="BaselineFrom"/> is worth a call before sending.</summary>
    bool NeedsBaseline { get; }

    /// <summary>
    /// True when "exists already" can be looked at: the answer is then compared with the wish instead of being taken for a failure.
    /// </summary>
    bool ComparesConflicts { get; }

    /// <summary>True when an accepted call of this kind returns a receipt (<c>jid</c>).</summary>
    bool ReturnsReceipt { get; }

    /// <summary>Says what an answer to <see cref="ProofCallFor"/> proves.</summary>
    Proof Judge(JsonObject payload, Answer answer, Sending sending);

    /// <summary>How long after sending to look for proof before saying that the outcome is unknown.</summary>
    TimeSpan ProofDeadline { get; }
}

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
/// <param name="SentAt">When its attempt was written, by the database's clock.</param>
/// <param name="Baseline">What the target looked like just before, if the kind asked for it and it could be read.</param>
/// <param name="Accepted">True when the cloud answered 2xx; false while that is not known.</param>
/// <param name="Conflicted">True when the cloud answered that the same thing exists already.</param>
public sealed record Sending(DateTimeOffset SentAt, JsonObject? Baseline, bool Accepted, bool Conflicted);

/// <summary>What a look at the target says about the effect of a call.</summary>
public enum ProofVerdict
{
    /// <summary>The effect is there.</summary>
    Proved,

    /// <summary>It was there already; the call changed nothing.</summary>
    AlreadyThere,

    /// <summary>Nothing to be seen yet.</summary>
    NotYet,

    /// <summary>Accepted, and the cloud has no way to show it.</summary>
    CannotBeRead,

    /// <summary>The effect did not and will not come about.</summary>
    Disproved,
}

/// <summary>A verdict, a sentence from <c>Words</c> that explains it, and the facts it rests on.</summary>
public sealed record Proof(ProofVerdict Verdict, string WordKey, JsonObject Evidence);
