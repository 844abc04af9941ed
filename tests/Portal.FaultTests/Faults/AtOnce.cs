using Portal.FaultTests.Support;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.FaultTests.Faults;

/// <summary>Two do the same at the same moment.</summary>
static class AtOnce
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("F36", "two nodes, 500 approvals", Ground.Own, TwoNodesAsync),
        new("F37", "double click, two approvers, approval and withdrawal", Ground.Shared, DecideTwiceAsync) { ShortRuns = 3 },
        new("F38", "frozen beyond the lease, then woken", Ground.Own, FreezeAsync),
        new("F39", "two observers of the same item", Ground.Own, ObserveTwiceAsync),
    ];

    static async Task TwoNodesAsync(Trial trial)
    {
        trial.Place.Start();
        trial.Place.Start();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => trial.ApproveAsync(images: 45, mirrors: 5)));
        await trial.SettleAsync(TimeSpan.FromMinutes(3));
        // A call that certainly did not leave the portal, such as one for which no connection came about in time, is made again without harm.
        var sent = await trial.Place.CountAsync(
            "select count(*) from portal.attempt where purpose = 'Send' and result is distinct from 'NotSent' and request_id = any($1)", trial.Ids);
        var repeated = await trial.Place.CountAsync("select coalesce(sum(unknowns), 0)::bigint from portal.request_item where request_id = any($1)", trial.Ids);
        trial.Check(trial.Asked.Count == 500, $"{trial.Asked.Count} were approved");
        trial.Check(sent <= trial.Asked.Count + repeated, $"{sent} calls for {trial.Asked.Count} approvals of which {repeated} became unknown");
    }

    static async Task DecideTwiceAsync(Trial trial)
    {
        foreach (var wish in await trial.SubmitAsync(images: 4, mirrors: 1))
        {
            Func<Task<Outcome<Request>>>[] ways =
            [
                () => trial.DecideAsync(wish, Given.SecondApprover),
                () => trial.DecideAsync(wish, Given.Approver),
                () => trial.Desk.Requests.WithdrawAsync(wish.Request, Given.Developer, CancellationToken.None),
            ];
            var pair = trial.Chance.GetItems(ways, 2).Select(way => Task.Run(way));
            var outcomes = await Task.WhenAll(pair);
            trial.Check(outcomes.Count(outcome => outcome.IsDone) == 1, $"{wish.Wish.Target}: {string.Join(" and ", outcomes.Select(outcome => outcome.Refusal?.ToString() ?? "done"))}");
            if ((await trial.Desk.RequestAsync(wish.Request)).State == RequestState.Withdrawn)
            {
                trial.WillNeverBeSent(wish);
            }
        }
    }

    // Its answers come when others have found out already, or have sent again: a late refusal must not end what was accepted since.
    static async Task FreezeAsync(Trial trial)
    {
        var wishes = await trial.SubmitAsync(images: 3, mirrors: 3);
        var first = trial.Script(wishes, WireFault.HoldAnswer);
        var refused = wishes.Where((_, place) => place % 2 == 0).ToList();
        foreach (var wish in refused)
        {
            await trial.Cloud.FaultAsync("not-authorized", wish.Word, "POST");
        }

        var frozen = trial.Place.Start(("Huawei__TimeoutSeconds", "60"));
        await frozen.WhenReadyAsync();
        await trial.ApproveAsync(wishes);
        await Task.WhenAll(first.Select(script => script.Met));
        await frozen.FreezeAsync();
        var second = trial.Script(refused, WireFault.HoldAnswer);
        await trial.Place.LeaseEndsAsync();
        await trial.Place.WorkAsync(("Huawei__TimeoutSeconds", "30"));
        await Task.WhenAll(second.Select(script => script.Met));
        foreach (var script in first)
        {
            script.Release();
        }

        await frozen.ThawAsync();
        await trial.Place.WhenAsync(
            "the late answers were recorded", "select count(*) = $2 from portal.attempt where request_id = any($1) and purpose = 'Send' and result is not null and fence = 1",
            trial.Ids, (long)wishes.Count);
        foreach (var script in second)
        {
            script.Release();
        }

        await trial.SettleAsync();
        var late = await trial.Place.CountAsync("select count(*) from audit.event where kind = 'dispatch.late_answer' and request_id = any($1)", trial.Ids);
        trial.Check(late == wishes.Count, $"{late} late answers of {wishes.Count}");
    }

    // A look that takes so long that its lease ends, and another one meanwhile. Only one of them may decide.
    static async Task ObserveTwiceAsync(Trial trial)
    {
        var wishes = await trial.SubmitAsync(images: 4, mirrors: 0);
        trial.Script(wishes, WireFault.CutAfterBody);
        var looks = wishes.Select(wish => trial.Wire.Script(wish.Word, WireFault.HoldAnswer, method: "GET")).ToList();
        await trial.TakeOverAsync();
        await trial.TakeOverAsync();
        await trial.ApproveAsync(wishes);
        foreach (var look in looks)
        {
            await look.Met;
        }

        await trial.Place.Database.OwnerAsync(
            "update portal.request_item set lease_until = clock_timestamp(), due_at = clock_timestamp() where state in ('Unknown', 'Observing') and lease_until is not null");
        await trial.WhenAllAsync("a second look began", "(select count(*) from portal.attempt a where a.item_id = i.id and a.purpose = 'Prove') > 1");
        foreach (var look in looks)
        {
            look.Release();
        }

        await trial.SettleAsync();
        var confirmed = await trial.Place.CountAsync("select count(*) from audit.event where kind = 'observe.confirmed' and request_id = any($1)", trial.Ids);
        trial.Check(confirmed == wishes.Count, $"{confirmed} verdicts for {wishes.Count} items");
    }
}
