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
/// Makes approved calls. The comments at the checkpoints say what is true there and what happens if the process dies at that point.
/// </summary>
public sealed class Dispatcher(
    IDbContextFactory<PortalDb> databases, ItemClaims claims, CloudLook look, CloudClient cloud, KindList kinds, LoginSeal seal, Lease lease)
{
    // Waits in front of an item whose turn it is not yet.
    static readonly TimeSpan TargetBusy = TimeSpan.FromSeconds(5);

    /// <summary>Sends the next due item and records the answer. False when nothing is due.</summary>
    public async Task<bool> DispatchNextAsync(CancellationToken token)
    {
        if (await claims.ToSendAsync(token) is not { } claim)
        {
            return false;
        }

        // Claimed, still Queued. Dying here: the lease ends and another worker takes it; nothing was sent.
        var baseline = await BaselineAsync(claim);
        if (await BeginAsync(claim, baseline) is not { } begun)
        {
            return true;
        }

        // The attempt is written, the item is Sending. Dying from here on, until the answer is recorded: nobody can tell whether
        // the call went out, so the item becomes unknown when the lease ends, and is observed instead of sent again.
        var answer = await cloud.SendAsync(begun.Call, CancellationToken.None);

        // The answer is known to this process only. Dying here: as above.
        await RecordAsync(claim, begun, answer);
        return true;
    }

    async Task<JsonObject?> BaselineAsync(Claim claim)
    {
        await using var db = await databases.CreateDbContextAsync();
        var request = await db.Requests.AsNoTracking().Include(found => found.Items).SingleAsync(found => found.Id == claim.RequestId);
        var kind = kinds[request.Kind];
        return kind.NeedsBaseline
            ? kind.BaselineFrom(await look.AtAsync(request.Items.Single(item => item.Id == claim.ItemId), AttemptPurpose.Baseline, kind.ProofCallFor(request.PayloadTree())))
            : null;
    }

    /// <summary>Re-reads everything that allows the call and writes the intent. Null when it may not be made now.</summary>
    async Task<Begun?> BeginAsync(Claim claim, JsonObject? baseline)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await ItemClaims.HoldAsync(db, claim, CancellationToken.None) is not { State: ItemState.Queued } item)
        {
            return null;
        }

        var request = await ItemClaims.LockRequestAsync(db, item.RequestId, CancellationToken.None);
        var now = await db.ClockAsync(CancellationToken.None);
        var payload = request.PayloadTree();
        var login = await db.SealedLogins.SingleOrDefaultAsync(found => found.RequestId == request.Id);
        var opened = login is null ? null : seal.Open(login);
        if (WhyNot(request, payload, login is not null && opened is null) is { } why)
        {
            item.End(ItemState.Failed, SentLight.No, ProvedLight.No, why, evidence: null);
            MoveToResult(request, now);
            if (login is not null)
            {
                db.SealedLogins.Remove(login);
            }

            request.Record(db, Actor.System, AuditKind.DispatchRefused, new() { ["note"] = why });
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return null;
        }

        var call = kinds[request.Kind].CallFor(payload, opened);
        item.BeginSending(now, now + lease.Length, baseline is null ? null : CanonicalJson.ToText(baseline));
        request.Move(RequestState.InProgress, now);
        var attempt = Attempt.For(item, AttemptPurpose.Send, call, cloud.UrlOf(call));
        db.Attempts.Add(attempt);
        request.Record(db, Actor.System, AuditKind.DispatchRecorded, Facts(attempt, item));
        try
        {
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
        catch (DbUpdateException failure) when (Conflict.IsUnique(failure, RequestItemMapping.OneUnderWay))
        {
            // Another worker began on the same target a moment ago. Nothing was sent under this claim.
            await transaction.RollbackAsync();
            await PutBackAsync(claim);
            return null;
        }

        return new Begun(attempt, call, kinds[request.Kind]);
    }

    // The database promises all of this already; a call that cannot be taken back is worth asking twice.
    static string? WhyNot(Request request, JsonObject payload, bool loginLost)
    {
        if (request.State is not (RequestState.Approved or RequestState.InProgress))
        {
            return "Note.NotApproved";
        }

        if (Payload.HashOf(request.Kind, payload) != request.ApprovedHash)
        {
            return "Note.ChangedSinceApproval";
        }

        return loginLost ? "Note.LoginLost" : null;
    }

    async Task PutBackAsync(Claim claim)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await ItemClaims.HoldAsync(db, claim, CancellationToken.None) is { } item)
        {
            item.PutBack(await db.ClockAsync(CancellationToken.None) + TargetBusy, "Note.TargetBusy");
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
    }

    /// <summary>Keeps the answer and says what the item becomes; only the attempt, when somebody else holds the item now.</summary>
    async Task RecordAsync(Claim claim, Begun begun, Answer answer)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var item = await ItemClaims.HoldAsync(db, claim, CancellationToken.None);
        var request = await ItemClaims.LockRequestAsync(db, claim.RequestId, CancellationToken.None);
        var jid = CodeArts.ReadJid(answer);
        var renewedBefore = await db.Attempts
            .Where(earlier => earlier.ItemId == claim.ItemId && earlier.Purpose == AttemptPurpose.Send && earlier.Id != begun.Attempt.Id)
            .OrderByDescending(earlier => earlier.StartedAt)
            .Select(earlier => earlier.HttpStatus)
            .FirstOrDefaultAsync() == 401;
        var row = AnswerTable.For(answer, new SendContext(
            begun.Kind.ComparesConflicts,
            cloud.CanRenewCredential && !renewedBefore,
            HasReceipt: !begun.Kind.ReturnsReceipt || jid is not null));

        db.Attempts.Attach(begun.Attempt);
        begun.Attempt.Complete(answer, row.Result, jid);
        if (item is { State: ItemState.Sending })
        {
            var now = await db.ClockAsync(CancellationToken.None);
            item.KeepAnswer(answer.Status, answer.ErrorCode, jid);
            React(item, row, answer, begun, now);
            MoveToResult(request, now);
            if (item.State != ItemState.Queued)
            {
                await db.SealedLogins.Where(login => login.RequestId == request.Id).ForEachAsync(login => db.SealedLogins.Remove(login));
            }
        }

        var facts = Facts(begun.Attempt, item);
        facts["note"] = row.Note;
        request.Record(db, Actor.System, item is null ? AuditKind.DispatchLateAnswer : row.AuditKind, facts);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    void React(RequestItem item, Row row, Answer answer, Begun begun, DateTimeOffset now)
    {
        var deadline = now + begun.Kind.ProofDeadline;
        switch (row.Reaction)
        {
            case Reaction.Observe:
                item.Observe(SentLight.Accepted, conflicted: false, now, deadline, row.Note);
                break;
            case Reaction.Compare:
                item.Observe(SentLight.Refused, conflicted: true, now, deadline, row.Note);
                break;
            case Reaction.RenewAndSendAgain:
                cloud.ForgetToken(begun.Call.Region);
                item.SendAgain(now, SentLight.No, row.Note);
                break;
            case Reaction.SendAgainLater when RetrySchedule.NextSend(item.Sends, answer.RetryAfter, Random.Shared.NextDouble()) is { } wait:
                item.SendAgain(now + wait, SentLight.No, row.Note);
                break;
            case Reaction.SendAgainLater:
                item.End(ItemState.Failed, answer.Kind == AnswerKind.NotSent ? SentLight.No : SentLight.Refused, ProvedLight.No, row.Note + ".GivenUp", evidence: null);
                break;
            case Reaction.Fail:
                item.End(ItemState.Failed, SentLight.Refused, ProvedLight.No, row.Note, evidence: null);
                break;
            case Reaction.BecomeUnknown:
                item.BecomeUnknown(now + RetrySchedule.NextLook(0), deadline, row.Note);
                break;
            default:
                throw new InvalidOperationException($"No reaction to {row.Reaction}.");
        }
    }

    internal static void MoveToResult(Request request, DateTimeOffset now)
    {
        // An item that failed before anything was sent ends a request that never was in progress.
        if (request.State == RequestState.Approved)
        {
            request.Move(RequestState.InProgress, now);
        }

        request.Move(RequestLife.ResultOf([.. request.Items.Select(item => item.State)]), now);
    }

    static JsonObject Facts(Attempt attempt, RequestItem? item) => new()
    {
        ["attempt"] = attempt.Id.ToString(),
        ["item"] = attempt.ItemId.ToString(),
        ["itemState"] = item?.State.ToString(),
        ["send"] = item?.Sends,
        ["fence"] = attempt.Fence,
        ["method"] = attempt.Method,
        ["host"] = attempt.Host,
        ["path"] = attempt.Path,
        ["body"] = attempt.Body,
        ["bodySha256"] = attempt.BodySha256,
        ["httpStatus"] = attempt.HttpStatus,
        ["errorCode"] = attempt.ErrorCode,
        ["errorMessage"] = attempt.ErrorMessage,
        ["cloudRequestId"] = attempt.CloudRequestId,
        ["jid"] = attempt.Jid,
        ["durationMs"] = attempt.DurationMs,
    };

    sealed record Begun(Attempt Attempt, CloudCall Call, IKind Kind);
}
