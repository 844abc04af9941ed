using System.Diagnostics;
using Microsoft.Extensions.Options;
using Portal.Dispatch;
using Portal.Requests;

namespace Portal.Bench;

/// <summary>
/// Approved items per second from claim to recorded answer, against pgbench running the same statements one item at a time (without the
/// call, and without the rows of lane and budget that a batch changes once), and against Quartz.NET's clustered store.
/// </summary>
static class DispatchLine
{
    const int WarmUp = 10_000;
    const int Count = 4000;
    const int Jobs = 800;

    public static async Task RunAsync(Bench bench)
    {
        var template = await Wishes.SubmitAsync(bench.Node.Services, "template", 1);
        await Wishes.ApproveAsync(bench.Node.Services, template);
        await FillAsync(bench, template, WarmUp);
        await DrainAsync(bench);

        await using var quartz = await QuartzPeer.StartAsync(bench);

        // In turns, so that what else the machine does meets all three.
        int[] clients = [4, 8, 16, 32];
        double portal = 0;
        double jobs = 0;
        double peer = 0;
        foreach (var count in clients)
        {
            await FillAsync(bench, template, Count);
            portal += Count / (await DrainAsync(bench)).TotalSeconds;
            jobs += await quartz.RunAsync(Jobs);
            await FillAsync(bench, template, Count);
            peer = Math.Max(peer, await bench.PgBenchAsync("dispatch.sql", count, $"-t {Count / count}"));
        }

        portal /= clients.Length;
        bench.Results.AtLeast("dispatch", portal, peer, "pgbench, best of 4-32 clients", "items/s", 0.6);
        bench.Results.AtLeast("dispatch", portal, jobs / clients.Length, "Quartz.NET, clustered", "items/s", 5);
    }

    /// <summary>Copies of an approved request, each with a target of its own; nothing of them was sent. Known: the planner's statistics count them.</summary>
    public static async Task FillAsync(Bench bench, Request template, int count, string state = "Queued", bool known = true)
    {
        await bench.ExecuteAsync(
            $"""
            with made as (
              insert into portal.request (id, kind, requester_id, requester_name, reason, subject, payload, payload_hash, approved_hash, approved_until,
                policy, findings, state, event_count)
              select gen_random_uuid(), kind, 'bench:' || (n % 16), requester_name, reason, subject, payload, payload_hash, payload_hash,
                clock_timestamp() + interval '1 day', policy, findings, '{(state == "Queued" ? "Approved" : "Succeeded")}', 0
              from portal.request, generate_series(1, {count}) n where id = '{template.Id}'
              returning id, requester_id)
            insert into portal.request_item (id, request_id, part, target, lane, operation, requester_id, state, sent, proved, due_at, turn,
              fence, sends, looks, faults, unknowns, already_so, maybe_twice)
            select gen_random_uuid(), id, '', 'bench:' || id, 'swr/cn-north-4', 'CreateImageSyncRepo', requester_id, '{state}', 'No', 'No',
              {(state == "Queued" ? "clock_timestamp(), clock_timestamp()" : "null, null")}, 0, 0, 0, 0, 0, false, false
            from made;
            """);
        await bench.ExecuteAsync(known ? "analyze; checkpoint" : "checkpoint");
    }

    // In the order of an index of its own, so that asking reads no table whatever the statistics say, and is no load.
    const string Unfinished =
        """
        select exists (select from (select turn from portal.request_item where state = 'Queued' order by lane, operation, turn limit 1) queued)
          or exists (select from portal.request_item where state = 'Sending')
        """;

    /// <summary>Runs the portal's own worker until nothing is queued or on the wire; proof is not looked for here.</summary>
    static async Task<TimeSpan> DrainAsync(Bench bench)
    {
        var options = Options.Create(new DispatchOptions { Concurrency = 192, PollSeconds = 0.1 });
        using var worker = ActivatorUtilities.CreateInstance<DispatchWorker>(bench.Node.Services, options);
        var start = Stopwatch.GetTimestamp();
        await worker.StartAsync(CancellationToken.None);
        while (await bench.ValueAsync<bool>(Unfinished))
        {
            await Task.Delay(20);
        }

        var took = Stopwatch.GetElapsedTime(start);
        await worker.StopAsync(CancellationToken.None);
        await bench.ExecuteAsync("update portal.request_item set due_at = null where state = 'Observing'");
        return took;
    }
}
