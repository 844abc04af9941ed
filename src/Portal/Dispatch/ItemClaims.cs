using Microsoft.EntityFrameworkCore;
using Portal.Database;
using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>An item that one worker holds, and the fence that shows it.</summary>
public sealed record Claim(Guid ItemId, Guid RequestId, int Fence, ItemState State);

/// <summary>
/// Takes due items, each for one worker. The rows are the queue: <c>for update skip locked</c> lets workers of all nodes pass
/// each other, the fence and the lease are of the database's clock.
/// </summary>
public sealed class ItemClaims(IDbContextFactory<PortalDb> databases, Lease lease)
{
    /// <summary>The next item to send, whose target nothing else is under way for; null when there is none.</summary>
    public Task<Claim?> ToSendAsync(CancellationToken token) => TakeAsync(
        """
        select item.* from portal.request_item item
        where item.state = 'Queued' and item.due_at <= now() and (item.lease_until is null or item.lease_until < now())
          and not exists (
            select 1 from portal.request_item other
            where other.target = item.target and other.id <> item.id
              and (other.state in ('Sending', 'Observing') or (other.state = 'Unknown' and other.due_at is not null)))
        order by item.due_at
        limit 1
        for update skip locked
        """,
        token);

    /// <summary>The next item to look at: for proof, or because its sender died. Null when there is none.</summary>
    public Task<Claim?> ToObserveAsync(CancellationToken token) => TakeAsync(
        """
        select item.* from portal.request_item item
        where item.state in ('Sending', 'Observing', 'Unknown') and item.due_at <= now() and (item.lease_until is null or item.lease_until < now())
        order by item.due_at
        limit 1
        for update skip locked
        """,
        token);

    /// <summary>The item, locked until the transaction ends, if the claim still holds; null when somebody else took it.</summary>
    public static async Task<RequestItem?> HoldAsync(PortalDb db, Claim claim, CancellationToken token)
    {
        var item = await db.Items.FromSql($"select * from portal.request_item where id = {claim.ItemId} for update").SingleAsync(token);
        return item.Fence == claim.Fence ? item : null;
    }

    /// <summary>The request of an item, locked until the transaction ends. Always after the item, so that two workers never wait for each other.</summary>
    public static async Task<Request> LockRequestAsync(PortalDb db, Guid id, CancellationToken token)
    {
        // xmin is a system column: it is not part of "*".
        var request = await db.Requests.FromSql($"select *, xmin from portal.request where id = {id} for update").SingleAsync(token);
        await db.Entry(request).Collection(found => found.Items).LoadAsync(token);
        return request;
    }

    async Task<Claim?> TakeAsync(string sql, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        if ((await db.Items.FromSqlRaw(sql).AsTracking().ToListAsync(token)).SingleOrDefault() is not { } item)
        {
            return null;
        }

        item.Claim(await db.ClockAsync(token) + lease.Length);
        await db.SaveChangesAsync(token);
        await transaction.CommitAsync(token);
        return new Claim(item.Id, item.RequestId, item.Fence, item.State);
    }
}
