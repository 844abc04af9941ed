using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Requests;
using Portal.Telemetry;

namespace Portal.Dispatch;

/// <summary>
/// Finds out what happened: looks at the target until there is proof or the deadline has passed. Sends nothing that changes anything.
/// Dying anywhere here loses a look, never a fact: the lease ends and the next worker looks again.
/// </summary>
public sealed class Observer(
    IDbContextFactory<PortalDb> databases, ItemClaims claims, CloudLook look, KindList kinds, IOptions<DispatchOptions> options, Checkpoints checkpoints)
{
    /// <summary>How many sends without a clear answer an item may have until a person must look at it.</summary>
    public const int MostUnknowns = 5;

    /// <summary>Looks at the next due item. False when nothing is due.</summary>
    public async Task<bool> ObserveNextAsync(CancellationToken token)
    {
        var claimed = await ClaimAsync(1, token);
        foreach (var claim in claimed)
        {
            await ObserveAsync(claim);
        }

        return claimed.Count > 0;
    }

    /// <summary>Claims due items to look at.</summary>
    public Task<IReadOnlyList<Claim>> ClaimAsync(int most, CancellationToken token) => claims.ToObserveAsync(most, token);

    /// <summary>Looks at one claimed item and writes down what that says.</summary>
    public async Task ObserveAsync(Claim claim)
    {
        if (claim.State == ItemState.Sending)
        {
            await GiveUpOnSenderAsync(claim);
            return;
        }

        await using var db = await databases.CreateDbContextAsync();
        var request = await db.Requests.AsNoTracking().SingleAsync(found => found.Id == claim.RequestId);
        var item = await db.Items.AsNoTracking().SingleAsync(found => found.Id == claim.ItemId);
        using var span = Traces.OfRequest("observe", request.Id, request.Number, item.Id, item.Operation);
        var kind = kinds[request.Kind];
        var payload = request.PayloadTree();
        var answers = await look.AtAsync(item, AttemptPurpose.Prove, kind.LooksFor(payload, item.Part));
        checkpoints.Pass(Checkpoint.Looked);
        await RecordAsync(claim, kind.Judge(payload, item.Part, answers, SendingOf(item)), kind.IsSafeToRepeat(payload), answers);
    }

    /// <summary>Whoever was sending did not come back before the lease ended: nobody knows whether the call went out.</summary>
    async Task GiveUpOnSenderAsync(Claim claim)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await ItemClaims.HoldAsync(db, claim, CancellationToken.None) is not { State: ItemState.Sending } item)
        {
            return;
        }

        var request = await ItemClaims.LockRequestAsync(db, claim.RequestId, CancellationToken.None);
        var now = await db.ClockAsync(CancellationToken.None);
        item.BecomeUnknown(now, now + kinds[request.Kind].ProofDeadline, "Note.SenderDied");
        request.MoveToResult(now);
        await db.SealedLogins.Where(login => login.RequestId == request.Id).ForEachAsync(login => db.SealedLogins.Remove(login));
        request.Record(db, Actor.System, AuditKind.DispatchNoAnswer, Facts(item, "Note.SenderDied", null));
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    async Task RecordAsync(Claim claim, Proof proof, bool safeToRepeat, IReadOnlyList<Answer> answers)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await ItemClaims.HoldAsync(db, claim, CancellationToken.None) is not { State: ItemState.Observing or ItemState.Unknown } item)
        {
            return;
        }

        var now = await db.ClockAsync(CancellationToken.None);
        if (Apply(item, proof, safeToRepeat, answers, now) is { } kind)
        {
            var request = await ItemClaims.LockRequestAsync(db, claim.RequestId, CancellationToken.None);
            request.MoveToResult(now);
            request.Record(db, Actor.System, kind, Facts(item, item.Note ?? proof.WordKey, (JsonObject)proof.Evidence.DeepClone()));
        }

        await db.SaveChangesAsync();
        checkpoints.Pass(Checkpoint.VerdictNotCommitted);
        await transaction.CommitAsync();
    }

    /// <summary>Changes the item; gives the audit event, or null when there is nothing new to tell.</summary>
    string? Apply(RequestItem item, Proof proof, bool safeToRepeat, IReadOnlyList<Answer> answers, DateTimeOffset now)
    {
        var evidence = CanonicalJson.ToText(proof.Evidence);
        item.Attribute(proof.Attribution, proof.Effects);
        switch (proof.Verdict)
        {
            case ProofVerdict.Proved:
                item.End(ItemState.Done, item.Sent, ProvedLight.Proved, proof.WordKey, evidence);
                return AuditKind.ObserveConfirmed;
            case ProofVerdict.AlreadyThere:
                item.End(ItemState.AlreadyThere, item.Sent, ProvedLight.Proved, proof.WordKey, evidence);
                return AuditKind.ObserveNoChange;
            case ProofVerdict.CannotBeRead:
                item.End(ItemState.Done, item.Sent, ProvedLight.CannotBeRead, proof.WordKey, evidence);
                return AuditKind.ObserveConfirmed;
            case ProofVerdict.Disproved:
                item.End(ItemState.Failed, item.Sent, ProvedLight.Disproved, proof.WordKey, evidence);
                return AuditKind.ObserveFailed;
            case ProofVerdict.NotBegun when item is { State: ItemState.Unknown, Sent: not SentLight.Accepted } && SawNothingLongEnough(item, now):
                return AfterNothing(item, safeToRepeat, now);
            case ProofVerdict.NotBegun or ProofVerdict.NotYet when now < item.Deadline:
                item.LookAgain(now + WaitOf(item, answers), proof.WordKey);
                return null;
            case ProofVerdict.NotBegun or ProofVerdict.NotYet:
                item.BecomeUnknown(nextLook: null, deadline: null, "Note.NoProofInTime");
                return AuditKind.ObserveTimedOut;
            default:
                throw new InvalidOperationException($"No consequence of {proof.Verdict}.");
        }
    }

    // The first look that finds nothing begins the time; a later one ends it. An effect may come late, so one look is not enough.
    bool SawNothingLongEnough(RequestItem item, DateTimeOffset now) => now - item.SawNothing(now) >= ResendAfter;

    TimeSpan ResendAfter => TimeSpan.FromSeconds(options.Value.ResendAfterSeconds);

    static string AfterNothing(RequestItem item, bool safeToRepeat, DateTimeOffset now)
    {
        if (!safeToRepeat)
        {
            item.BecomeUnknown(nextLook: null, deadline: null, "Note.NotBegun.AskPerson");
            return AuditKind.ObserveTimedOut;
        }

        if (item.Unknowns >= MostUnknowns)
        {
            item.Park("Note.Parked.Unknowns");
            return AuditKind.DispatchParked;
        }

        item.SendAgainAfterUnknown(now, "Note.NotBegun.SendAgain");
        return AuditKind.DispatchRepeated;
    }

    // While nothing was seen the next look comes when it can settle the question.
    TimeSpan WaitOf(RequestItem item, IReadOnlyList<Answer> answers)
    {
        var wait = answers.Max(answer => answer.RetryAfter) ?? RetrySchedule.NextLook(item.Looks);
        return item.NotBegunSince is not null && wait > ResendAfter ? ResendAfter : wait;
    }

    static Sending SendingOf(RequestItem item) => new(
        item.SentAt ?? throw new InvalidOperationException($"Item {item.Id} is looked at but was never sent."),
        item.Baseline is null ? null : JsonNode.Parse(item.Baseline)!.AsObject(),
        Accepted: item.Sent == SentLight.Accepted,
        item.AlreadySo);

    static JsonObject Facts(RequestItem item, string note, JsonObject? evidence) => new()
    {
        ["item"] = item.Id.ToString(),
        ["part"] = item.NamedPart,
        ["itemState"] = item.State.ToString(),
        ["note"] = note,
        ["evidence"] = evidence,
        ["jid"] = item.Jid,
        ["attribution"] = item.Attribution?.ToString(),
        ["maybeTwice"] = item.MaybeTwice,
    };
}
