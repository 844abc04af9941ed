using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Kinds;
using Portal.Policies;
using Portal.Requests;
using Portal.Telemetry;

namespace Portal.Approvals;

/// <summary>Decides on requests. The decision, what follows from it and the audit row are one commit.</summary>
public sealed class ApprovalService(IDbContextFactory<PortalDb> databases, AuditTrail audit, IOptions<RequestsOptions> options, RateGate limits)
{
    /// <summary>Agrees to exactly what was shown. With the last approval the items become due.</summary>
    /// <param name="id">The request.</param>
    /// <param name="shownHash">Hash of the payload that the page showed; another one than the stored is refused.</param>
    /// <param name="comment">May be empty.</param>
    /// <param name="actor">Who decides.</param>
    /// <param name="token">Ends the work before the commit.</param>
    public Task<Outcome<Request>> ApproveAsync(Guid id, string shownHash, string? comment, Actor actor, CancellationToken token) =>
        DecideAsync(id, Verdict.Approved, shownHash, comment, actor, token);

    /// <summary>Says no. The comment is the reason and is required.</summary>
    public Task<Outcome<Request>> DenyAsync(Guid id, string shownHash, string? reason, Actor actor, CancellationToken token) =>
        DecideAsync(id, Verdict.Denied, shownHash, reason, actor, token);

    /// <summary>Why this person may not decide on a request now, or null when they may: for pages that explain before somebody clicks.</summary>
    public async Task<Refusal?> WhyNotAsync(Request request, Actor actor, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        return SeatRules.WhyNot(request, await db.Decisions.Where(decision => decision.RequestId == request.Id).ToListAsync(token), actor);
    }

    /// <summary>The decisions on a request, oldest first; none for people who may not read it.</summary>
    public async Task<IReadOnlyList<Decision>> DecisionsAsync(Guid request, Actor actor, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        var all = actor.May(Permission.ReadAllRequests);
        return await db.Decisions.AsNoTracking()
            .Where(decision => decision.RequestId == request && (all || decision.RequesterId == actor.Id))
            .OrderBy(decision => decision.At)
            .ToListAsync(token);
    }

    async Task<Outcome<Request>> DecideAsync(
        Guid id, Verdict verdict, string shownHash, string? comment, Actor actor, CancellationToken token)
    {
        if (await limits.WhyNotAsync(RateLimit.Decide, actor) is { } tooOften)
        {
            return tooOften;
        }

        if (FreeText.ProblemOf("comment", comment, required: verdict == Verdict.Denied) is { } problem)
        {
            return new InputInvalid([problem]);
        }

        using var span = Traces.OfRequest("decide", id);
        await using var db = await databases.CreateDbContextAsync(token);
        var request = await db.Requests.Include(found => found.Items).SingleOrDefaultAsync(found => found.Id == id, token);
        if (request?.RequesterId != actor.Id && !actor.May(Permission.DecideRequests))
        {
            // The same whether the request is there or not: who may not see it learns nothing.
            return await RefuseAsync(new MayNotDecide(), id, verdict, actor);
        }

        if (request is null)
        {
            return new RequestNotFound();
        }

        var decisions = await db.Decisions.Where(decision => decision.RequestId == id).ToListAsync(token);
        if (SeatRules.WhyNot(request, decisions, actor) is { } refusal)
        {
            return await RefuseAsync(refusal, id, verdict, actor);
        }

        if (request.PayloadHash != shownHash)
        {
            return new ContentChanged();
        }

        var now = await db.ClockAsync(token);
        var turns = await Turns.OfAsync(db, request.RequesterId, now, token);
        foreach (var decided in await request.WithPairAsync(db, token))
        {
            // What was submitted together was shown together, and neither can change: one decision is about both.
            var decision = new Decision
            {
                Id = Guid.CreateVersion7(),
                RequestId = decided.Id,
                RequesterId = decided.RequesterId,
                DeciderId = actor.Id,
                DeciderName = actor.Name,
                Verdict = verdict,
                Comment = string.IsNullOrWhiteSpace(comment) ? null : comment.Trim(),
                PayloadHash = decided.PayloadHash,
            };
            db.Decisions.Add(decision);
            Apply(decided, [.. decisions, decision], now, turns);
            decided.Record(db, actor, verdict == Verdict.Approved ? AuditKind.ApprovalGranted : AuditKind.ApprovalDenied, new()
            {
                ["comment"] = decision.Comment,
                ["payloadHash"] = decision.PayloadHash,
                ["policy"] = decided.Policy,
                ["validUntil"] = decided.ApprovedUntil?.ToString("O"),
                ["decidedWith"] = decided.Id == id ? null : id.ToString(),
            });
        }

        if (request.State == RequestState.Rejected)
        {
            await db.SealedLogins.Where(login => login.RequestId == id).ForEachAsync(login => db.SealedLogins.Remove(login), token);
        }

        return await request.SaveAsync(db, token);
    }

    void Apply(Request request, IReadOnlyCollection<Decision> decisions, DateTimeOffset now, Turns turns)
    {
        if (decisions.Any(decision => decision.Verdict == Verdict.Denied))
        {
            request.Close(RequestState.Rejected, now);
        }
        else if (SeatRules.IsMet(PolicyMatcher.Pinned(request.Policy), decisions))
        {
            request.Approve(request.PayloadHash, now, now + options.Value.ApprovalValid, turns, loginWaits: options.Value.MirrorPasswords == MirrorPasswords.Sealed);
        }
    }

    // Somebody who tries what they may not is worth a record; a decision that came too late is not.
    async Task<Refusal> RefuseAsync(Refusal refusal, Guid request, Verdict verdict, Actor actor)
    {
        if (refusal is RequesterMayNotDecide or MayNotDecide)
        {
            await audit.RecordAloneAsync(actor, AuditKind.AccessDenied, new JsonObject
            {
                ["what"] = verdict == Verdict.Approved ? "approval.grant" : "approval.deny",
                ["why"] = refusal.GetType().Name,
                ["request"] = request.ToString(),
            });
        }

        return refusal;
    }
}
