using System.Diagnostics;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Requests;
using Portal.Telemetry;

namespace Portal.Dispatch;

/// <summary>
/// Makes approved calls: claim, write the intent, send, record. The comments say what is true in between and what happens if the
/// process dies there. <see cref="DispatchWorker"/> runs many at a time.
/// </summary>
public sealed class Dispatcher(
    ItemClaims claims, Intents intents, Recorder recorder, CloudClient cloud, KindList kinds, Lease lease,
    TimeProvider time, Checkpoints checkpoints)
{
    static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    /// <summary>Sends the next due item and records the answer. False when nothing is due.</summary>
    public async Task<bool> DispatchNextAsync(CancellationToken token)
    {
        var (ready, first) = await ClaimAsync(1, token);
        foreach (var begun in await BeginAsync(ready))
        {
            await RecordAsync([await SendAsync(begun)]);
        }

        foreach (var begun in first.Count == 0 ? [] : await BeginAfterLookAsync(first[0]))
        {
            await RecordAsync([await SendAsync(begun)]);
        }

        return ready.Count + first.Count > 0;
    }

    /// <summary>
    /// Claims due items: those that can be begun together at once, and those whose targets must be looked at first, each at its own pace.
    /// </summary>
    public async Task<(IReadOnlyList<Claim> Ready, IReadOnlyList<Claim> LookFirst)> ClaimAsync(int most, CancellationToken token)
    {
        var claimed = await claims.ToSendAsync(most, token);
        if (claimed.Count == 0)
        {
            return ([], []);
        }

        // Claimed, still Queued. Dying here: the lease ends and another worker takes them; nothing was sent.
        checkpoints.Pass(Checkpoint.Claimed);
        var groups = claimed.ToLookup(claim => kinds.OfOperation(claim.Operation).LooksBeforeSending);
        return ([.. groups[false]], [.. groups[true]]);
    }

    /// <summary>Writes the intents of claims.</summary>
    public Task<IReadOnlyList<Begun>> BeginAsync(IReadOnlyList<Claim> ready) => ready.Count == 0 ? Task.FromResult<IReadOnlyList<Begun>>([]) : intents.BeginAsync(ready);

    /// <summary>Looks at the target of a claim, then writes its intent.</summary>
    public Task<IReadOnlyList<Begun>> BeginAfterLookAsync(Claim claim) => intents.BeginAsync(claim, look: true);

    /// <summary>
    /// Makes the call that a login was typed for, as soon as it is its turn; the login is wiped as soon as the call is built. Dying anywhere
    /// before the intent: the hold ends, and whoever takes the item next finds no login and asks for it again. False when its turn did not come in time.
    /// </summary>
    public async Task<bool> DispatchGivenAsync(GivenLogin given, CancellationToken token)
    {
        using var login = given.Login;
        while (time.GetElapsedTime(given.Since) < GivenLogins.Longest)
        {
            if (await claims.ToSendAsync(given, token) is { } claim)
            {
                checkpoints.Pass(Checkpoint.Claimed);
                foreach (var begun in await intents.BeginAsync(claim, kinds.OfOperation(claim.Operation).LooksBeforeSending, login))
                {
                    await RecordAsync([await SendAsync(begun)]);
                }

                return true;
            }

            await Task.Delay(BetweenTries, time, token);
        }

        return false;
    }

    /// <summary>Makes the call. Nothing cancels it: what has begun is waited for, up to its time-out.</summary>
    public async Task<Answered> SendAsync(Begun begun)
    {
        // The attempt is written, the item is Sending. Dying from here on, until the answer is recorded: nobody can tell whether
        // the call went out, so the item becomes unknown when the lease ends, and is observed instead of sent again.
        checkpoints.Pass(Checkpoint.IntentWritten);
        // A process that was stopped in between finds its lease too short for the call: by now another node may have taken the item over.
        Activity.Current = begun.Span;
        if (begun.Waited is { } waited)
        {
            Measures.RecordDelay(begun.Claim.Operation, waited + time.GetElapsedTime(begun.Since));
        }

        var answer = time.GetElapsedTime(begun.Since) + cloud.LongestSend > lease.Length
            ? Answer.NotSent("the claim was too old")
            : await cloud.SendAsync(begun.Call, CancellationToken.None);
        Measures.CountAttempt(begun.Claim.Operation, nameof(AttemptPurpose.Send), answer.Kind.ToString(), answer.Status);

        // The answer is known to this process only. Dying here: as above.
        checkpoints.Pass(Checkpoint.Answered);
        return new Answered(begun, answer);
    }

    /// <summary>Records answers.</summary>
    public async Task RecordAsync(IReadOnlyList<Answered> answers)
    {
        var recording = answers.Select(answered => Traces.Below(answered.Begun.Span, "record")).ToList();
        await recorder.RecordAsync(answers);
        recording.ForEach(span => span?.Dispose());
        foreach (var (begun, answer) in answers)
        {
            begun.Span?.SetAnswer(answer.Kind.ToString(), answer.Status);
            begun.Span?.Dispose();
        }

        // Committed, and announced by the database. Dying here loses nothing: who listens is told, who does not reads it later.
        checkpoints.Pass(Checkpoint.AnswerWritten);
    }
}
