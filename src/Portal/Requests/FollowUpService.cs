using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Database;

namespace Portal.Requests;

/// <summary>What can be done with a request after it was approved: call it off, send again what failed, stop looking.</summary>
public sealed class FollowUpService(IDbContextFactory<PortalDb> databases, AuditTrail audit, RateGate limits)
{
    /// <summary>Most requests that one bulk retry touches; the rest is left for the next one, so that a mistake stays small.</summary>
    public const int MostInBulk = 500;

    /// <summary>Calls off what was approved and not sent. By the requester, or, with a reason, by whoever operates or administers the portal.</summary>
    public async Task<Outcome<Request>> CancelAsync(Guid id, string? reason, Actor actor, CancellationToken token)
    {
        if (await limits.WhyNotAsync(RateLimit.Change, actor) is { } tooOften)
        {
            return tooOften;
        }

        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        var found = await FindAsync(db, id, actor, "request.cancel", token);
        if (!found.IsDone)
        {
            return found;
        }

        var request = found.Value;
        if (FreeText.ProblemOf("reason", reason, required: request.RequesterId != actor.Id) is { } problem)
        {
            return new InputInvalid([problem]);
        }

        if (request.State != RequestState.Approved)
        {
            return new StateChanged(request.State);
        }

        request.Close(RequestState.Cancelled, await db.ClockAsync(token));
        await db.SealedLogins.Where(login => login.RequestId == id).ForEachAsync(login => db.SealedLogins.Remove(login), token);
        request.Record(db, actor, AuditKind.RequestCancelled, new() { ["comment"] = Clean(reason) });
        return await SaveAsync(db, transaction, request, token);
    }

    /// <summary>
    /// Sends again what failed, and only that, under the same approval while it holds. By the requester, as long as they may still ask for
    /// anything, or by whoever operates or administers the portal.
    /// </summary>
    public async Task<Outcome<Request>> RetryFailedAsync(Guid id, Actor actor, CancellationToken token) =>
        await limits.WhyNotAsync(RateLimit.Change, actor) is { } tooOften ? tooOften : await RetryAsync(id, actor, token);

    async Task<Outcome<Request>> RetryAsync(Guid id, Actor actor, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        var found = await FindAsync(db, id, actor, "request.retry", token);
        if (!found.IsDone)
        {
            return found;
        }

        if (!MayRetry(found.Value, actor))
        {
            return await DenyAsync(actor, "request.retry");
        }

        var now = await db.ClockAsync(token);
        var refusal = await RetryAsync(db, found.Value, actor, now, token);
        return refusal is not null ? refusal : await SaveAsync(db, transaction, found.Value, token);
    }

    /// <summary>
    /// Sends again everything of one region that failed since a time and whose approval still holds, oldest first. For operators.
    /// Gives how many requests were queued again.
    /// </summary>
    public async Task<Outcome<int>> RetryRegionAsync(string region, DateTimeOffset since, Actor actor, CancellationToken token)
    {
        if (await limits.WhyNotAsync(RateLimit.Change, actor) is { } tooOften)
        {
            return tooOften;
        }

        if (!actor.May(Permission.Operate))
        {
            return await DenyAsync(actor, "request.retry_region");
        }

        Guid[] ids;
        await using (var db = await databases.CreateDbContextAsync(token))
        {
            var ofRegion = "%/" + LikePattern.Escape(region);
            ids = await db.Requests.AsNoTracking()
                .Where(request => RequestLife.Retryable.Contains(request.State) && request.ChangedAt >= since)
                .Where(request => request.Items.Any(item => item.State == ItemState.Failed && EF.Functions.Like(item.Lane, ofRegion, LikePattern.EscapeCharacter)))
                .OrderBy(request => request.ChangedAt)
                .Select(request => request.Id)
                .Take(MostInBulk)
                .ToArrayAsync(token);
        }

        var queued = 0;
        foreach (var id in ids)
        {
            // Each on its own: one whose approval ended a moment ago stops none of the others.
            queued += (await RetryAsync(id, actor, token)).IsDone ? 1 : 0;
        }

        return queued;
    }

    /// <summary>True for who may send again what failed of a request.</summary>
    public static bool MayRetry(Request request, Actor actor) =>
        (request.RequesterId == actor.Id && actor.May(Permission.SubmitRequests)) || actor.May(Permission.Operate) || actor.May(Permission.Administer);

    /// <summary>Looks for proof no longer. What was sent goes on in the cloud: this stops nothing there.</summary>
    public async Task<Outcome<Request>> StopFollowingAsync(Guid id, string? reason, Actor actor, CancellationToken token)
    {
        if (await limits.WhyNotAsync(RateLimit.Change, actor) is { } tooOften)
        {
            return tooOften;
        }

        if (FreeText.ProblemOf("reason", reason, required: false) is { } problem)
        {
            return new InputInvalid([problem]);
        }

        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        var found = await FindAsync(db, id, actor, "request.stop_following", token);
        if (!found.IsDone)
        {
            return found;
        }

        var request = found.Value;
        var followed = request.Items.Where(item => item.State == ItemState.Observing).ToList();
        if (followed.Count == 0)
        {
            return new NothingToDo();
        }

        followed.ForEach(item => item.StopFollowing("Note.NotFollowed"));
        request.MoveToResult(await db.ClockAsync(token));
        request.Record(db, actor, AuditKind.ObserveStopped, new() { ["items"] = followed.Count, ["comment"] = Clean(reason) });
        return await SaveAsync(db, transaction, request, token);
    }

    static async Task<Refusal?> RetryAsync(PortalDb db, Request request, Actor actor, DateTimeOffset now, CancellationToken token)
    {
        var failed = request.Items.Where(item => item.State == ItemState.Failed).ToList();
        if (failed.Count == 0)
        {
            return new NothingToDo();
        }

        if (!RequestLife.Retryable.Contains(request.State) && request.State is not (RequestState.InProgress or RequestState.OutcomeUnknown))
        {
            return new StateChanged(request.State);
        }

        if (request.ApprovedUntil is not { } until || until <= now)
        {
            return new ApprovalOver();
        }

        var turns = await Turns.OfAsync(db, request.RequesterId, now, token);
        failed.ForEach(item => item.Requeue(now, turns.Next(), "Note.Retried"));
        request.MoveToResult(now);
        request.Record(db, actor, AuditKind.RequestRetried, new()
        {
            ["items"] = new JsonArray([.. failed.Select(item => (JsonNode)item.Id.ToString())]),
        });
        return null;
    }

    /// <summary>The request with all its items, locked as workers lock them, for somebody who asked for it or keeps the portal running.</summary>
    async Task<Outcome<Request>> FindAsync(PortalDb db, Guid id, Actor actor, string what, CancellationToken token)
    {
        await db.Items.FromSql($"select * from portal.request_item where request_id = {id} order by id for update").LoadAsync(token);
        var request = (await db.Requests.FromSql($"select *, xmin from portal.request where id = {id} for update").ToListAsync(token)).SingleOrDefault();
        if (request is null || (request.RequesterId != actor.Id && !actor.May(Permission.ReadAllRequests)))
        {
            return new RequestNotFound();
        }

        return request.RequesterId == actor.Id || actor.May(Permission.Operate) || actor.May(Permission.Administer)
            ? request
            : await DenyAsync(actor, what);
    }

    async Task<NotAllowed> DenyAsync(Actor actor, string what)
    {
        await audit.RecordAloneAsync(actor, AuditKind.AccessDenied, new() { ["what"] = what });
        return new NotAllowed(Permission.Operate);
    }

    static async Task<Outcome<Request>> SaveAsync(
        PortalDb db, Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, Request request, CancellationToken token)
    {
        var saved = await request.SaveAsync(db, token);
        if (saved.IsDone)
        {
            await transaction.CommitAsync(token);
        }

        return saved;
    }

    static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
