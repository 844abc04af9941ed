using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Kinds;
using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>
/// Settles calls whose outcome the portal could not find out (<see cref="OutcomeDesk"/>). Each settlement has a note, is never made by the
/// requester, and takes a second person where the call overwrites.
/// </summary>
public sealed class OutcomeService(IDbContextFactory<PortalDb> databases, KindList kinds, AuditTrail audit, RateGate limits)
{
    /// <summary>Settles an item, or proposes to where two people are needed.</summary>
    public async Task<Outcome<Settlement>> SettleAsync(Guid itemId, SettlementAction action, string? note, Actor actor, CancellationToken token)
    {
        if (await limits.WhyNotAsync(RateLimit.Change, actor) is { } tooOften)
        {
            return tooOften;
        }

        if (FreeText.ProblemOf("comment", note, required: true) is { } problem)
        {
            return new InputInvalid([problem]);
        }

        if (!actor.May(Permission.Operate))
        {
            return await DenyAsync(actor, "outcome.settle");
        }

        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        var found = await FindAsync(db, itemId, actor, token);
        if (!found.IsDone)
        {
            return found.Refusal!;
        }

        var (item, request) = found.Value;
        var now = await db.ClockAsync(token);
        if (WhyNot(item, request, action, now) is { } refusal)
        {
            return refusal;
        }

        if (await db.Settlements.AnyAsync(other => other.ItemId == itemId && other.State == SettlementState.Proposed, token))
        {
            return new ProposalIsOpen();
        }

        var settlement = new Settlement
        {
            Id = Guid.CreateVersion7(),
            ItemId = itemId,
            RequestId = request.Id,
            RequesterId = request.RequesterId,
            Action = action,
            Note = note!.Trim(),
            ActorId = actor.Id,
            ActorName = actor.Name,
        };
        db.Settlements.Add(settlement);
        var kind = AuditKind.OutcomeProposed;
        if (action == SettlementAction.CheckAgain || !OutcomeDesk.NeedsSecond(kinds, request))
        {
            settlement.Do();
            await ApplyAsync(db, item, request, action, now, token);
            kind = action == SettlementAction.CheckAgain ? AuditKind.OutcomeCheckAgain : AuditKind.OutcomeSettled;
        }

        request.Record(db, actor, kind, Facts(settlement, item));
        await db.SaveChangesAsync(token);
        await transaction.CommitAsync(token);
        return settlement;
    }

    /// <summary>A second person agrees with a proposal, or does not. By somebody else than the proposer and the requester.</summary>
    public async Task<Outcome<Settlement>> SecondAsync(Guid settlementId, bool agrees, string? note, Actor actor, CancellationToken token)
    {
        if (await limits.WhyNotAsync(RateLimit.Change, actor) is { } tooOften)
        {
            return tooOften;
        }

        if (FreeText.ProblemOf("comment", note, required: !agrees) is { } problem)
        {
            return new InputInvalid([problem]);
        }

        if (!OutcomeDesk.MaySee(actor))
        {
            return await DenyAsync(actor, "outcome.second");
        }

        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        var itemId = await db.Settlements.Where(other => other.Id == settlementId).Select(other => (Guid?)other.ItemId).SingleOrDefaultAsync(token);
        var found = itemId is null ? new RequestNotFound() : await FindAsync(db, itemId.Value, actor, token);
        if (!found.IsDone)
        {
            return found.Refusal!;
        }

        // Read only now, under the lock of the item: of two who answer at the same moment, the second sees what the first did.
        var (item, request) = found.Value;
        var settlement = await db.Settlements.SingleAsync(other => other.Id == settlementId, token);
        var now = await db.ClockAsync(token);
        if (settlement.State != SettlementState.Proposed)
        {
            return new NotOnDesk(item.State);
        }

        if (settlement.ActorId == actor.Id && agrees)
        {
            return new NeedsAnotherPerson();
        }

        if (agrees && WhyNot(item, request, settlement.Action, now) is { } refusal)
        {
            return refusal;
        }

        if (settlement.ActorId == actor.Id)
        {
            // Taking back one's own proposal needs nobody else.
            settlement.TakeBack();
        }
        else
        {
            settlement.Second(actor.Id, actor.Name, agrees, now);
        }

        if (agrees)
        {
            await ApplyAsync(db, item, request, settlement.Action, now, token);
        }

        var facts = Facts(settlement, item);
        facts["comment"] = string.IsNullOrWhiteSpace(note) ? null : note.Trim();
        request.Record(db, actor, agrees ? AuditKind.OutcomeSettled : AuditKind.OutcomeRejected, facts);
        await db.SaveChangesAsync(token);
        await transaction.CommitAsync(token);
        return settlement;
    }

    async Task ApplyAsync(PortalDb db, RequestItem item, Request request, SettlementAction action, DateTimeOffset now, CancellationToken token)
    {
        switch (action)
        {
            case SettlementAction.CheckAgain:
                item.CheckAgain(now, now + kinds[request.Kind].ProofDeadline, "Note.CheckAgain");
                break;
            case SettlementAction.MarkSucceeded:
                item.End(ItemState.Done, item.Sent, ProvedLight.SaidByPerson, "Note.MarkedSucceeded", evidence: null);
                break;
            case SettlementAction.MarkFailed:
                item.End(ItemState.Failed, item.Sent, ProvedLight.SaidByPerson, "Note.MarkedFailed", evidence: null);
                break;
            case SettlementAction.SendAgain:
                var turns = await Turns.OfAsync(db, request.RequesterId, now, token);
                item.Requeue(now, turns.Next(), "Note.SentAgainByPerson");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, null);
        }

        request.MoveToResult(now);
    }

    static Refusal? WhyNot(RequestItem item, Request request, SettlementAction action, DateTimeOffset now) => (item, action) switch
    {
        ({ NeedsPerson: false }, _) => new NotOnDesk(item.State),
        ({ SentAt: null }, SettlementAction.CheckAgain) => new NeverSent(),
        (_, SettlementAction.SendAgain) when request.ApprovedUntil is not { } until || until <= now => new ApprovalOver(),
        _ => null,
    };

    async Task<Outcome<(RequestItem Item, Request Request)>> FindAsync(PortalDb db, Guid itemId, Actor actor, CancellationToken token)
    {
        var item = (await db.Items.FromSql($"select * from portal.request_item where id = {itemId} for update").ToListAsync(token)).SingleOrDefault();
        if (item is null)
        {
            return new RequestNotFound();
        }

        var request = await ItemClaims.LockRequestAsync(db, item.RequestId, token);
        if (request.RequesterId != actor.Id)
        {
            return (item, request);
        }

        await DenyAsync(actor, "outcome.settle");
        return new RequesterMayNotSettle();
    }

    async Task<NotAllowed> DenyAsync(Actor actor, string what)
    {
        await audit.RecordAloneAsync(actor, AuditKind.AccessDenied, new() { ["what"] = what });
        return new NotAllowed(Permission.Operate);
    }

    static JsonObject Facts(Settlement settlement, RequestItem item) => new()
    {
        ["item"] = item.Id.ToString(),
        ["part"] = item.NamedPart,
        ["itemState"] = item.State.ToString(),
        ["settlement"] = settlement.Id.ToString(),
        ["action"] = settlement.Action.ToString(),
        ["comment"] = settlement.Note,
        ["proposedBy"] = settlement.ActorId,
    };
}
