using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Huawei;
using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>
/// Writes down what came back, and says what the items become. Answers that come together are one commit. Who no longer holds the
/// claim changes only the attempt: the item belongs to somebody else.
/// </summary>
public sealed class Recorder(IDbContextFactory<PortalDb> databases, CloudClient cloud, Checkpoints checkpoints)
{
    /// <summary>Records the answers. May be called again with the same ones when it is not known whether the commit happened.</summary>
    public async Task RecordAsync(IReadOnlyList<Answered> answers)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var items = (await ItemClaims.HoldAsync(db, [.. answers.Select(answered => answered.Begun.Claim)], CancellationToken.None))
            .ToDictionary(item => item.Id);
        var requests = await ItemClaims.LockRequestsAsync(db, answers.Select(answered => answered.Begun.Claim.RequestId), CancellationToken.None);
        Guid[] attemptIds = [.. answers.Select(answered => answered.Begun.Attempt.Id)];
        var attempts = await db.Attempts.Where(attempt => attemptIds.Contains(attempt.Id)).ToDictionaryAsync(attempt => attempt.Id);
        var now = await db.ClockAsync(CancellationToken.None);

        // A commit whose own answer was lost may have happened: what is complete stays as it is.
        var fresh = answers.Where(answered => attempts[answered.Begun.Attempt.Id].Result is null).ToList();
        var health = new LaneHealth(db, fresh, now);
        foreach (var answered in fresh)
        {
            var item = items.GetValueOrDefault(answered.Begun.Claim.ItemId);
            await RecordAsync(db, answered, attempts[answered.Begun.Attempt.Id], item, requests[answered.Begun.Claim.RequestId], health, now);
        }

        // What is not sent again needs its login no more.
        Guid[] sent = [.. fresh.Select(answered => items.GetValueOrDefault(answered.Begun.Claim.ItemId))
            .Where(item => item is { State: not (ItemState.Queued or ItemState.Sending) } && requests[item.RequestId].HasLogin).Select(item => item!.RequestId)];
        if (sent.Length > 0)
        {
            await db.SealedLogins.Where(login => sent.Contains(login.RequestId)).ForEachAsync(login => db.SealedLogins.Remove(login));
        }

        await MoveRequestsAsync(db, requests.Values, items.Values, now);
        await db.SaveTogetherAsync(CancellationToken.None);
        // Nothing of it changes any more: what follows need not compare it all again.
        db.ChangeTracker.Clear();
        await health.CountAsync();
        checkpoints.Pass(Checkpoint.AnswerNotCommitted);
        await transaction.CommitAsync();
    }

    async Task RecordAsync(
        PortalDb db, Answered answered, Attempt attempt, RequestItem? item, Request request, LaneHealth health, DateTimeOffset now)
    {
        var (begun, answer) = answered;
        var jid = CodeArts.ReadJid(answer);
        var row = AnswerTable.For(answer, new SendContext(
            begun.Kind.SaysAlreadySo(answer),
            MayRenew: answer.CredentialExpired && cloud.CanRenewCredential && !await WasRenewedAsync(db, attempt),
            HasReceipt: !begun.Kind.ReturnsReceipt || jid is not null));
        attempt.Complete(answer, row.Result, jid);

        var mine = item is { State: ItemState.Sending };
        if (mine)
        {
            item!.KeepAnswer(answer.Status, answer.ErrorCode, jid);
            await ReactAsync(item, row, answered, health, now);
        }

        var facts = ExchangeFacts.Of(attempt, item);
        facts["note"] = row.Note;
        request.Record(db, Actor.System, mine ? row.AuditKind : AuditKind.DispatchLateAnswer, facts);
    }

    // Twice in a row the credential itself is wrong, not old.
    static async Task<bool> WasRenewedAsync(PortalDb db, Attempt attempt) => await db.Attempts
        .Where(earlier => earlier.ItemId == attempt.ItemId && earlier.Purpose == AttemptPurpose.Send && earlier.Id != attempt.Id)
        .OrderByDescending(earlier => earlier.StartedAt)
        .Select(earlier => earlier.HttpStatus)
        .FirstOrDefaultAsync() == 401;

    async Task ReactAsync(RequestItem item, Row row, Answered answered, LaneHealth health, DateTimeOffset now)
    {
        var (begun, answer) = answered;
        var deadline = now + begun.Kind.ProofDeadline;
        switch (row.Reaction)
        {
            case Reaction.Observe:
                item.Observe(SentLight.Accepted, alreadySo: false, now, deadline, row.Note);
                break;
            case Reaction.Compare:
                item.Observe(SentLight.Refused, alreadySo: true, now, deadline, row.Note);
                break;
            case Reaction.RenewAndSendAgain:
                cloud.ForgetToken(begun.Call.Region);
                item.SendAgain(now, SentLight.No, row.Note);
                break;
            case Reaction.SendAgainLater when RetrySchedule.NextSend(item.Sends, answer.RetryAfter, Random.Shared.NextDouble()) is { } wait:
                item.SendAgain(now + await health.WaitOfAsync(item, answer, wait), SentLight.No, row.Note);
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

    // Of a request with hundreds of items only the states are read.
    static async Task MoveRequestsAsync(PortalDb db, IEnumerable<Request> requests, IEnumerable<RequestItem> items, DateTimeOffset now)
    {
        var byId = requests.ToDictionary(request => request.Id);
        Guid[] ids = [.. byId.Keys];
        var changed = items.ToDictionary(item => item.Id, item => item.State);
        var states = await db.Items.AsNoTracking().Where(item => ids.Contains(item.RequestId))
            .Select(item => new { item.Id, item.RequestId, item.State })
            .ToListAsync();
        foreach (var group in states.GroupBy(item => item.RequestId))
        {
            byId[group.Key].MoveToResult([.. group.Select(item => changed.GetValueOrDefault(item.Id, item.State))], now);
        }
    }
}
