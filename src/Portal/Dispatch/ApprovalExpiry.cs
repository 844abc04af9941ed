using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>Closes what was approved and never sent while the approval was valid: an old agreement is not an agreement.</summary>
public sealed class ApprovalExpiry(IDbContextFactory<PortalDb> databases)
{
    /// <summary>Closes one such request. False when there is none.</summary>
    public async Task<bool> ExpireNextAsync(CancellationToken token) => await ExpireNextUnsentAsync(token) || await ExpireNextWithoutLoginAsync(token);

    // Something of it was sent before, and its login was never typed again.
    async Task<bool> ExpireNextWithoutLoginAsync(CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        var items = await db.Items.FromSql(
            $"""
            select item.* from portal.request_item item join portal.request on request.id = item.request_id
            where item.state = 'NeedsLogin' and request.state <> 'Approved' and request.approved_until < clock_timestamp()
            order by item.id limit 1 for update of item
            """).ToListAsync(token);
        if (items is not [var item])
        {
            return false;
        }

        var request = await ItemClaims.LockRequestAsync(db, item.RequestId, token);
        if (item.MayHaveHappened)
        {
            item.Park("Note.ApprovalExpired");
        }
        else
        {
            item.Skip("Note.ApprovalExpired");
        }

        request.MoveToResult(await db.ClockAsync(token));
        request.Record(
            db, Actor.System, AuditKind.DispatchRefused, new() { ["item"] = item.Id.ToString(), ["part"] = item.NamedPart, ["note"] = "Note.ApprovalExpired" });
        await db.SaveChangesAsync(token);
        await transaction.CommitAsync(token);
        return true;
    }

    async Task<bool> ExpireNextUnsentAsync(CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        // The items first, as everywhere; one that a worker holds just now keeps the whole request for later.
        var request = await db.Requests
            .FromSql($"select *, xmin from portal.request where state = 'Approved' and approved_until < clock_timestamp() order by approved_until limit 1")
            .AsNoTracking().SingleOrDefaultAsync(token);
        if (request is null)
        {
            return false;
        }

        await db.Items.FromSql($"select * from portal.request_item where request_id = {request.Id} order by id for update").LoadAsync(token);
        var locked = await ItemClaims.LockRequestAsync(db, request.Id, token);
        var now = await db.ClockAsync(token);
        if (locked.State != RequestState.Approved || locked.ApprovedUntil > now)
        {
            return true;
        }

        locked.Close(RequestState.Expired, now);
        await db.SealedLogins.Where(login => login.RequestId == locked.Id).ForEachAsync(login => db.SealedLogins.Remove(login), token);
        locked.Record(db, Actor.System, AuditKind.RequestExpired, []);
        await db.SaveChangesAsync(token);
        await transaction.CommitAsync(token);
        return true;
    }
}
