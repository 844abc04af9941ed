using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>
/// Finds out what happened: looks at the target until there is proof or the deadline has passed. Sends nothing that changes anything.
/// Dying anywhere here loses a look, never a fact: the lease ends and the next worker looks again.
/// </summary>
public sealed class Observer(IDbContextFactory<PortalDb> databases, ItemClaims claims, CloudLook look, KindList kinds)
{
    /// <summary>Looks at the next due item. False when nothing is due.</summary>
    public async Task<bool> ObserveNextAsync(CancellationToken token)
    {
        if (await claims.ToObserveAsync(token) is not { } claim)
        {
            return false;
        }

        if (claim.State == ItemState.Sending)
        {
            await GiveUpOnSenderAsync(claim);
            return true;
        }

        await using var db = await databases.CreateDbContextAsync(token);
        var request = await db.Requests.AsNoTracking().Include(found => found.Items).SingleAsync(found => found.Id == claim.RequestId, token);
        var item = request.Items.Single(found => found.Id == claim.ItemId);
        var kind = kinds[request.Kind];
        var payload = request.PayloadTree();
        var answer = await look.AtAsync(item, AttemptPurpose.Prove, kind.ProofCallFor(payload));
        var proof = kind.Judge(payload, answer, SendingOf(item));
        await RecordAsync(claim, proof, answer);
        return true;
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
        Dispatcher.MoveToResult(request, now);
        await db.SealedLogins.Where(login => login.RequestId == request.Id).ForEachAsync(login => db.SealedLogins.Remove(login));
        request.Record(db, Actor.System, AuditKind.DispatchNoAnswer, Facts(item, "Note.SenderDied", null));
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    async Task RecordAsync(Claim claim, Proof proof, Answer answer)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await ItemClaims.HoldAsync(db, claim, CancellationToken.None) is not { State: ItemState.Observing or ItemState.Unknown } item)
        {
            return;
        }

        var now = await db.ClockAsync(CancellationToken.None);
        if (Apply(item, proof, answer, now) is { } kind)
        {
            var request = await ItemClaims.LockRequestAsync(db, claim.RequestId, CancellationToken.None);
            Dispatcher.MoveToResult(request, now);
            request.Record(db, Actor.System, kind, Facts(item, proof.WordKey, (JsonObject)proof.Evidence.DeepClone()));
        }

        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    /// <summary>Changes the item; gives the audit event, or null when there is nothing new to tell.</summary>
    static string? Apply(RequestItem item, Proof proof, Answer answer, DateTimeOffset now)
    {
        var evidence = CanonicalJson.ToText(proof.Evidence);
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
            case ProofVerdict.NotYet when now < item.Deadline:
                item.LookAgain(now + (answer.RetryAfter ?? RetrySchedule.NextLook(item.Looks)), proof.WordKey);
                return null;
            case ProofVerdict.NotYet:
                item.BecomeUnknown(nextLook: null, deadline: null, "Note.NoProofInTime");
                return AuditKind.ObserveTimedOut;
            default:
                throw new InvalidOperationException($"No consequence of {proof.Verdict}.");
        }
    }

    static Sending SendingOf(RequestItem item) => new(
        item.SentAt ?? throw new InvalidOperationException($"Item {item.Id} is looked at but was never sent."),
        item.Baseline is null ? null : JsonNode.Parse(item.Baseline)!.AsObject(),
        Accepted: item.Sent == SentLight.Accepted,
        item.Conflicted);

    static JsonObject Facts(RequestItem item, string note, JsonObject? evidence) => new()
    {
        ["item"] = item.Id.ToString(),
        ["itemState"] = item.State.ToString(),
        ["note"] = note,
        ["evidence"] = evidence,
        ["jid"] = item.Jid,
    };
}
