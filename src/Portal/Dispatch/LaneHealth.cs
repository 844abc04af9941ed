using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Huawei;
using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>
/// What answers say about the service that gave them: counts for the breaker, earns and spends retries, passes on the wish to wait.
/// Part of the transaction that records the answers; claims wait for the rows that it changes, so it takes them late, and always in the same order.
/// </summary>
sealed class LaneHealth(PortalDb db, IReadOnlyCollection<Answered> answers, DateTimeOffset now)
{
    /// <summary>When there are no retries left: long enough that the queue is no load.</summary>
    public static readonly TimeSpan WithoutBudget = TimeSpan.FromMinutes(2);

    List<RateBudget>? budgets;

    /// <summary>How long an item waits before it is sent again: what the cloud asks for, else its own wait; longer when the retries are used up.</summary>
    public async Task<TimeSpan> WaitOfAsync(RequestItem item, Answer answer, TimeSpan wait)
    {
        budgets ??= await LockBudgetsAsync();
        if (budgets.Find(budget => budget.Lane == item.Lane && budget.Operation == item.Operation) is not { } budget)
        {
            return wait;
        }

        if (answer.Status == 429)
        {
            // It counts for everybody who would make the same call.
            budget.Throttle(now + wait);
        }

        return budget.TakeRetry() || wait > WithoutBudget ? wait : WithoutBudget;
    }

    /// <summary>Counts the calls, after everything else is written: the commit must follow.</summary>
    public async Task CountAsync()
    {
        foreach (var calls in answers.GroupBy(answered => (answered.Begun.Call.Lane, answered.Begun.Kind.Operation)).OrderBy(group => group.Key))
        {
            await RateBudget.EarnAsync(db, calls.Key.Lane, calls.Key.Operation, calls.Count());
        }

        foreach (var calls in answers.GroupBy(answered => answered.Begun.Call.Lane).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            await CountAsync(db, calls.Key, calls.Count(), calls.Count(answered => IsIll(answered.Answer)), now);
        }

        await db.SaveChangesAsync();
    }

    Task<List<RateBudget>> LockBudgetsAsync()
    {
        string[] lanes = [.. answers.Select(answered => answered.Begun.Call.Lane).Distinct()];
        string[] operations = [.. answers.Select(answered => answered.Begun.Kind.Operation).Distinct()];
        return db.RateBudgets
            .FromSql($"select * from portal.rate_budget where lane = any({lanes}) and operation = any({operations}) order by lane, operation for update")
            .ToListAsync();
    }

    /// <summary>Counts calls of a lane; the breaker that opens by it is told in the trail.</summary>
    public static async Task CountAsync(PortalDb db, string name, int calls, int failures, DateTimeOffset now)
    {
        var lane = await LockAsync(db, name);
        if (lane is null)
        {
            await db.Database.ExecuteSqlAsync(
                $"insert into portal.lane (name, window_at, calls, failures) values ({name}, {now}, 0, 0) on conflict do nothing");
            lane = (await LockAsync(db, name))!;
        }

        if (lane.Count(calls, failures, now))
        {
            AuditTrail.Record(db, Actor.System, AuditKind.LaneOpened, null, null, new JsonObject
            {
                ["lane"] = name,
                ["calls"] = lane.Calls,
                ["failures"] = lane.Failures,
            });
        }
    }

    static async Task<Lane?> LockAsync(PortalDb db, string name) =>
        (await db.Lanes.FromSql($"select * from portal.lane where name = {name} for update").ToListAsync()).SingleOrDefault();

    /// <summary>True when a healthy service would not have answered so. A refusal is an answer.</summary>
    public static bool IsIll(Answer answer) => answer.Kind != AnswerKind.Answered || answer.Status >= 500;
}
