using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Database;
using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>An item that one worker holds, and the fence that shows it.</summary>
public sealed record Claim(Guid ItemId, Guid RequestId, string Operation, int Fence, ItemState State);

/// <summary>
/// Takes due items, each for one worker. The rows are the queue: <c>for update skip locked</c> lets workers of all nodes pass
/// each other, the fence and the lease are of the database's clock, and a claim takes its token of the rate budget in the same statement.
/// </summary>
public sealed class ItemClaims(IDbContextFactory<PortalDb> databases, Lease lease, DispatchRates rates)
{
    // Operations with something in the queue, found by hopping from one to the next in the index, however long the queue of each is;
    // without lanes that are paused or whose breaker is open.
    const string OpenQueues =
        """
        with recursive queue as (
          (select lane, operation from portal.request_item where state = 'Queued' order by lane, operation limit 1)
          union all
          select following.lane, following.operation from queue cross join lateral (
            select lane, operation from portal.request_item
            where state = 'Queued' and (lane, operation) > (queue.lane, queue.operation)
            order by lane, operation limit 1) following)
        select queue.lane, queue.operation from queue
        where not exists (
          select from portal.lane
          where (lane.name = queue.lane and (lane.paused_at is not null or lane.open_until is not null)) or (lane.name = '*' and lane.paused_at is not null))
        """;

    // A claim need not be on the disk at once. A server that loses it gives the item to somebody else, perhaps under the same fence: whoever
    // of the two writes the intent first sends, because the other no longer finds the item in the queue, and an intent is on the disk with all before it.
    // "offset 0" and "any(array(...))" keep the planner from joins over whole tables, which statistics from a quieter hour would make it choose.
    const string Free = "(item.lease_until is null or item.lease_until < clock_timestamp())";

    // Held by this node for the login that was typed here; it may still be its turn later, so it waits as everything else does.
    const string HeldHere =
        """
        item.id = @item and item.fence = @fence and not exists (
          select from portal.lane
          where (lane.name = @lane and (lane.paused_at is not null or lane.open_until is not null)) or (lane.name = '*' and lane.paused_at is not null))
        """;

    static readonly string Take = TakeWhere(Free);

    static readonly string TakeHeld = TakeWhere(HeldHere);

    static string TakeWhere(string which) =>
        $"""
        with budget as (
          select least(@burst, tokens + @rate * extract(epoch from clock_timestamp() - refilled_at)) as available
          from portal.rate_budget
          where lane = @lane and operation = @operation and (throttled_until is null or throttled_until < clock_timestamp())
          for update),
        taken as (
          select item.id from portal.request_item item
          where item.lane = @lane and item.operation = @operation and item.state = 'Queued'
            and item.due_at <= clock_timestamp() and {which}
            and not exists (
              select from portal.request_item other
              where other.target = item.target and other.id <> item.id
                and (other.state in ('Sending', 'Observing') or (other.state = 'Unknown' and other.due_at is not null))
              offset 0)
          order by item.turn
          limit coalesce((select least(@most, floor(available)) from budget), 0)
          for update skip locked),
        spent as (
          update portal.rate_budget set tokens = (select available from budget) - (select count(*) from taken), refilled_at = clock_timestamp()
          where lane = @lane and operation = @operation and exists (select from taken))
        update portal.request_item item set fence = fence + 1, lease_until = clock_timestamp() + @lease
        where item.id = any(array(select id from taken)) and set_config('synchronous_commit', 'off', true) is not null
        returning item.id, item.request_id as "RequestId", item.operation, item.fence, item.state
        """;

    const string TakeToObserve =
        """
        with taken as (
          select id from portal.request_item
          where state in ('Sending', 'Observing', 'Unknown') and due_at <= clock_timestamp() and (lease_until is null or lease_until < clock_timestamp())
          order by due_at
          limit @most
          for update skip locked)
        update portal.request_item item set fence = fence + 1, lease_until = clock_timestamp() + @lease
        where item.id = any(array(select id from taken)) and set_config('synchronous_commit', 'off', true) is not null
        returning item.id, item.request_id as "RequestId", item.operation, item.fence, item.state
        """;

    int turn;

    /// <summary>The next items to send, at most so many: due, in turn, within the rate budget, with nothing else under way for their targets.</summary>
    public async Task<IReadOnlyList<Claim>> ToSendAsync(int most, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        var queues = await db.Database.SqlQueryRaw<QueueName>(OpenQueues).ToListAsync(token);
        List<Claim> claims = [];
        // Each time another operation first, so that none waits behind one that always has work.
        var first = queues.Count == 0 ? 0 : Math.Abs(Interlocked.Increment(ref turn) % queues.Count);
        for (var at = 0; at < queues.Count && claims.Count < most; at++)
        {
            claims.AddRange(await ToSendAsync(db, queues[(first + at) % queues.Count], most - claims.Count, token));
        }

        return claims;
    }

    /// <summary>The next items to look at, at most so many: for proof, or because their sender died.</summary>
    public async Task<IReadOnlyList<Claim>> ToObserveAsync(int most, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        return await ClaimAsync(db, TakeToObserve, token, new("most", most), new("lease", lease.Length));
    }

    /// <summary>The item that this node holds for a login that was typed here, when its turn has come: as <see cref="ToSendAsync(int, CancellationToken)"/>. Null while it has not.</summary>
    public async Task<Claim?> ToSendAsync(GivenLogin given, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        var queue = await db.Items.Where(item => item.Id == given.ItemId).Select(item => new QueueName(item.Lane, item.Operation)).SingleAsync(token);
        return (await ToSendAsync(db, queue, 1, token, given)).SingleOrDefault();
    }

    async Task<List<Claim>> ToSendAsync(PortalDb db, QueueName queue, int most, CancellationToken token, GivenLogin? given = null)
    {
        var rate = rates.For(queue.Operation);
        Task<List<Claim>> TakeAsync() => ClaimAsync(
            db, given is null ? Take : TakeHeld, token,
            [
                new("lane", queue.Lane), new("operation", queue.Operation), new("most", most), new("lease", lease.Length),
                new("rate", rate.PerSecond), new("burst", rate.Burst),
                .. given is null ? Array.Empty<NpgsqlParameter>() : [new("item", given.ItemId), new("fence", given.Fence)],
            ]);

        // The first call of an operation finds no budget yet.
        var claims = await TakeAsync();
        return claims.Count == 0 && await MakeBudgetAsync(db, queue, rate, token) ? await TakeAsync() : claims;
    }

    static async Task<bool> MakeBudgetAsync(PortalDb db, QueueName queue, Rate rate, CancellationToken token) => await db.Database.ExecuteSqlAsync(
        $"""
        insert into portal.rate_budget (lane, operation, tokens, refilled_at, retries)
        values ({queue.Lane}, {queue.Operation}, {rate.Burst}, clock_timestamp(), {RateBudget.MostRetries}) on conflict do nothing
        """,
        token) == 1;

    static async Task<List<Claim>> ClaimAsync(PortalDb db, string sql, CancellationToken token, params NpgsqlParameter[] parameters)
    {
        // Not a query to compose on: the statement changes rows.
        var rows = await db.Database.SqlQueryRaw<ClaimRow>(sql, [.. parameters]).ToListAsync(token);
        return [.. rows.Select(row => new Claim(row.Id, row.RequestId, row.Operation, row.Fence, Enum.Parse<ItemState>(row.State)))];
    }

    /// <summary>The claimed items whose claims still hold, locked until the transaction ends, always in the same order.</summary>
    public static async Task<IReadOnlyList<RequestItem>> HoldAsync(PortalDb db, IReadOnlyCollection<Claim> claims, CancellationToken token)
    {
        var fences = claims.ToDictionary(claim => claim.ItemId, claim => claim.Fence);
        Guid[] ids = [.. fences.Keys];
        var items = await db.Items.FromSql($"select * from portal.request_item where id = any({ids}) order by id for update").ToListAsync(token);
        return [.. items.Where(item => item.Fence == fences[item.Id])];
    }

    /// <summary>The item, locked until the transaction ends, if the claim still holds; null when somebody else took it.</summary>
    public static async Task<RequestItem?> HoldAsync(PortalDb db, Claim claim, CancellationToken token) =>
        (await HoldAsync(db, [claim], token)).SingleOrDefault();

    /// <summary>Requests, locked until the transaction ends. Always after the items and in the same order, so that two workers never wait for each other.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Request>> LockRequestsAsync(PortalDb db, IEnumerable<Guid> ids, CancellationToken token)
    {
        Guid[] wanted = [.. ids.Distinct()];
        // xmin is a system column: it is not part of "*".
        return await db.Requests.FromSql($"select *, xmin from portal.request where id = any({wanted}) order by id for update")
            .ToDictionaryAsync(request => request.Id, token);
    }

    /// <summary>A request with all its items, locked until the transaction ends; after the item.</summary>
    public static async Task<Request> LockRequestAsync(PortalDb db, Guid id, CancellationToken token)
    {
        var request = (await LockRequestsAsync(db, [id], token))[id];
        await db.Entry(request).Collection(found => found.Items).LoadAsync(token);
        return request;
    }

    sealed record QueueName(string Lane, string Operation);

    sealed record ClaimRow(Guid Id, Guid RequestId, string Operation, int Fence, string State);
}
