using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>One line of the operations board: a service in a region, and how its calls stand.</summary>
/// <param name="Name">"swr/cn-north-4".</param>
/// <param name="Lane">Pause and breaker; null while no call was ever made.</param>
/// <param name="Due">Approved, and may be sent now.</param>
/// <param name="Waiting">Approved, and waiting before the next try.</param>
/// <param name="Sending">On the wire.</param>
/// <param name="Observing">Accepted; proof is looked for.</param>
/// <param name="Unknown">Outcome not known, still being looked for.</param>
/// <param name="OnDesk">Waits for a person.</param>
/// <param name="ThrottledUntil">The cloud asked to wait until then; null when it did not.</param>
public sealed record LaneRow(
    string Name, Lane? Lane, int Due, int Waiting, int Sending, int Observing, int Unknown, int OnDesk, DateTimeOffset? ThrottledUntil);

/// <summary>The lanes: how they stand, pausing and resuming them one by one or all together (maintenance).</summary>
public sealed class LaneService(IDbContextFactory<PortalDb> databases, AuditTrail audit, RateGate limits)
{
    const int LongestName = 100;

    /// <summary>Every lane that has work or a history, by name. For people who may operate or administer; others get nothing.</summary>
    public async Task<IReadOnlyList<LaneRow>> BoardAsync(Actor actor, CancellationToken token)
    {
        if (!OutcomeDesk.MaySee(actor))
        {
            return [];
        }

        await using var db = await databases.CreateDbContextAsync(token);
        var now = await db.ClockAsync(token);
        ItemState[] moving = [ItemState.Queued, ItemState.Sending, ItemState.Observing, ItemState.Unknown, ItemState.Parked];
        var counts = await db.Items
            .Where(item => moving.Contains(item.State))
            .GroupBy(item => new { item.Lane, item.State, Due = item.DueAt <= now, Person = item.DueAt == null })
            .Select(group => new { group.Key, Count = group.Count() })
            .ToListAsync(token);
        var lanes = await db.Lanes.AsNoTracking().Where(lane => lane.Name != Lane.Every).ToDictionaryAsync(lane => lane.Name, token);
        var throttled = await db.RateBudgets.Where(budget => budget.ThrottledUntil > now)
            .GroupBy(budget => budget.Lane)
            .ToDictionaryAsync(group => group.Key, group => group.Max(budget => budget.ThrottledUntil), token);

        return
        [
            .. lanes.Keys.Union(counts.Select(count => count.Key.Lane)).Order(StringComparer.Ordinal).Select(name =>
            {
                var here = counts.Where(count => count.Key.Lane == name).ToList();
                int Of(ItemState state, bool? due = null, bool? person = null) => here
                    .Where(count => count.Key.State == state && (due is null || count.Key.Due == due) && (person is null || count.Key.Person == person))
                    .Sum(count => count.Count);
                return new LaneRow(
                    name, lanes.GetValueOrDefault(name), Of(ItemState.Queued, due: true), Of(ItemState.Queued, due: false), Of(ItemState.Sending),
                    Of(ItemState.Observing), Of(ItemState.Unknown, person: false), Of(ItemState.Unknown, person: true) + Of(ItemState.Parked),
                    throttled.GetValueOrDefault(name));
            }),
        ];
    }

    /// <summary>The pause of everything, for the banner on every page; null when there is none.</summary>
    public async Task<Lane?> MaintenanceAsync(CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        return await db.Lanes.AsNoTracking().SingleOrDefaultAsync(lane => lane.Name == Lane.Every && lane.PausedAt != null, token);
    }

    /// <summary>Sends nothing more to a lane, or with <see cref="Lane.Every"/> to any. What is on the wire ends by itself; proof is still looked for.</summary>
    public Task<Outcome<Lane>> PauseAsync(string name, string? reason, Actor actor, CancellationToken token) =>
        ChangeAsync(name, reason, pause: true, actor, token);

    /// <summary>Goes on sending.</summary>
    public Task<Outcome<Lane>> ResumeAsync(string name, Actor actor, CancellationToken token) => ChangeAsync(name, null, pause: false, actor, token);

    async Task<Outcome<Lane>> ChangeAsync(string name, string? reason, bool pause, Actor actor, CancellationToken token)
    {
        if (await limits.WhyNotAsync(RateLimit.Change, actor) is { } tooOften)
        {
            return tooOften;
        }

        var couldBe = name.Length <= LongestName && StoredText.CanBe(name);
        if (!actor.May(Permission.Operate))
        {
            await audit.RecordAloneAsync(
                actor, AuditKind.AccessDenied, new() { ["what"] = pause ? "lane.pause" : "lane.resume", ["lane"] = couldBe ? name : null });
            return new NotAllowed(Permission.Operate);
        }

        if (pause && FreeText.ProblemOf("reason", reason, required: true) is { } problem)
        {
            return new InputInvalid([problem]);
        }

        if (!couldBe)
        {
            return new LaneNotFound();
        }

        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        var now = await db.ClockAsync(token);
        if (name != Lane.Every && !await db.Items.AnyAsync(item => item.Lane == name, token) && !await db.Lanes.AnyAsync(known => known.Name == name, token))
        {
            return new LaneNotFound();
        }

        await db.Database.ExecuteSqlAsync(
            $"insert into portal.lane (name, window_at, calls, failures) values ({name}, {now}, 0, 0) on conflict do nothing", token);
        var lane = await db.Lanes.FromSql($"select * from portal.lane where name = {name} for update").SingleAsync(token);
        if (lane.PausedAt is not null == pause)
        {
            return lane;
        }

        if (pause)
        {
            lane.Pause(now, actor.Name, reason!.Trim());
        }
        else
        {
            lane.Resume();
        }

        var kind = (name == Lane.Every, pause) switch
        {
            (true, true) => AuditKind.MaintenanceStarted,
            (true, false) => AuditKind.MaintenanceEnded,
            (false, true) => AuditKind.LanePaused,
            (false, false) => AuditKind.LaneResumed,
        };
        AuditTrail.Record(db, actor, kind, null, null, new JsonObject { ["lane"] = name, ["comment"] = lane.PauseReason });
        await db.SaveChangesAsync(token);
        await transaction.CommitAsync(token);
        return lane;
    }
}
