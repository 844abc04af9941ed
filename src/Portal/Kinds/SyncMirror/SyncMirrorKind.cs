using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Portal.Huawei;

namespace Portal.Kinds.SyncMirror;

/// <summary>
/// "Sync mirror": brings a git mirror in CodeArts Repo up to date (<c>remote-mirror</c>). The answer holds a <c>jid</c>, which no
/// call takes: it is a receipt. What happened is read from the repository's mirror state.
/// </summary>
public sealed class SyncMirrorKind(CloudClient cloud, IOptions<HuaweiOptions> options) : IKind
{
    // The cloud's clock and ours need not agree to the second.
    static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(60);

    /// <inheritdoc />
    public string Name => "sync-mirror";

    /// <inheritdoc />
    public IReadOnlyList<string> Fields => SyncMirrorPayload.Fields;

    /// <inheritdoc />
    public string Icon => "mirror";

    /// <inheritdoc />
    public Type Form => typeof(SyncMirrorForm);

    /// <inheritdoc />
    public TimeSpan ProofDeadline => TimeSpan.FromMinutes(60);

    /// <inheritdoc />
    public string Operation => "StartRemoteMirrorSynchronization";

    /// <inheritdoc />
    public bool LooksBeforeSending => true;

    /// <inheritdoc />
    public bool ReturnsReceipt => true;

    /// <inheritdoc />
    public PayloadReading Read(JsonObject input) => SyncMirrorPayload.Read(input, options.Value);

    /// <inheritdoc />
    public string SubjectOf(JsonObject payload) =>
        string.Create(CultureInfo.InvariantCulture, $"{RepositoryOf(payload)} ({payload.Text(SyncMirrorPayload.Region)})");

    /// <inheritdoc />
    public string TargetOf(JsonObject payload, string part) =>
        string.Create(CultureInfo.InvariantCulture, $"mirror:{payload.Text(SyncMirrorPayload.Region)}/{RepositoryOf(payload)}");

    /// <inheritdoc />
    public IReadOnlyList<string> RisksOf(JsonObject payload) =>
    [
        .. payload.Flag(SyncMirrorPayload.ForceFetch) ? ["Risk.ForceFetch"] : Array.Empty<string>(),
        .. payload.Flag(SyncMirrorPayload.LoginGiven) ? ["Risk.Login"] : Array.Empty<string>(),
    ];

    // The login is erased once it was sent, and a forced fetch may throw away commits: both need a person.
    /// <inheritdoc />
    public bool IsSafeToRepeat(JsonObject payload) => !payload.Flag(SyncMirrorPayload.ForceFetch) && !payload.Flag(SyncMirrorPayload.LoginGiven);

    /// <inheritdoc />
    public CloudCall CallFor(JsonObject payload, string part, MirrorLogin? login) => CodeArts.StartMirror(
        payload.Text(SyncMirrorPayload.Region),
        RepositoryOf(payload),
        payload[SyncMirrorPayload.ServiceEndpoint]?.GetValue<string>(),
        payload.Flag(SyncMirrorPayload.ForceFetch),
        login);

    /// <inheritdoc />
    public async Task<CheckedPayload> CheckAsync(JsonObject payload, CancellationToken token)
    {
        var answer = await cloud.ReadAsync(StateOf(payload), token);
        return new(payload, [.. SyncMirrorPreflight.Read(answer, payload)]);
    }

    /// <inheritdoc />
    public IReadOnlyList<CloudCall> LooksFor(JsonObject payload, string part) => [StateOf(payload)];

    /// <inheritdoc />
    public Readiness ReadyFrom(JsonObject payload, string part, IReadOnlyList<Answer> answers) =>
        new(CodeArts.ReadMirror(answers[0]) is { } state ? Facts(state) : null, WhyNot: null);

    /// <inheritdoc />
    public Proof Judge(JsonObject payload, string part, IReadOnlyList<Answer> answers, Sending sending)
    {
        if (CodeArts.ReadMirror(answers[0]) is not { } state)
        {
            return new Proof(ProofVerdict.NotYet, "Proof.CouldNotRead", []);
        }

        var evidence = Facts(state);
        var before = sending.Baseline;
        var earliest = sending.SentAt - ClockSlack;
        if (state.LastSuccessfulUpdateAt is { } success && success >= earliest
            && (before is null ? success >= sending.SentAt : Changed("lastSuccessfulUpdateAt", before, evidence)))
        {
            return new Proof(ProofVerdict.Proved, "Proof.MirrorSucceeded", evidence, AttributionOf(before));
        }

        // A failure of somebody else's run cannot be told from ours without a baseline; then only time will tell.
        var failedSince = before is not null && state.NumberOfFailures > (before["numberOfFailures"]?.GetValue<int>() ?? int.MaxValue);
        if (failedSince)
        {
            return new Proof(ProofVerdict.Disproved, "Proof.MirrorFailed", evidence, AttributionOf(before));
        }

        var begun = before is null || IsRunning(state.UpdateStatus) || Changed("lastUpdateAt", before, evidence);
        return new Proof(begun ? ProofVerdict.NotYet : ProofVerdict.NotBegun, "Proof.MirrorNotYet", evidence);
    }

    static CloudCall StateOf(JsonObject payload) => CodeArts.ShowMirror(payload.Text(SyncMirrorPayload.Region), RepositoryOf(payload));

    static bool Changed(string fact, JsonObject before, JsonObject now) => now[fact]?.ToString() != before[fact]?.ToString();

    // A jid cannot be asked for. Ours is the only run in flight that the portal knows of; one that was running before ours is somebody else's.
    static Attribution AttributionOf(JsonObject? before) => before is null
        ? Attribution.Inferred
        : IsRunning(before["updateStatus"]?.ToString()) ? Attribution.Shared : Attribution.Exact;

    static bool IsRunning(string? status) => status is "started" or "scheduled";

    /// <summary>What is kept of a mirror's state: its own words, which the client has cleaned of passwords.</summary>
    static JsonObject Facts(MirrorState state) => new()
    {
        ["updateStatus"] = state.UpdateStatus,
        ["lastUpdateAt"] = Time(state.LastUpdateAt),
        ["lastSuccessfulUpdateAt"] = Time(state.LastSuccessfulUpdateAt),
        ["numberOfFailures"] = state.NumberOfFailures,
        ["lastError"] = state.LastError,
    };

    static string? Time(DateTimeOffset? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    static int RepositoryOf(JsonObject payload) => payload[SyncMirrorPayload.RepositoryId]!.GetValue<int>();
}
