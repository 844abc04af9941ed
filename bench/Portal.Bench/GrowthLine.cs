using System.Diagnostics;
using Portal.Dispatch;

namespace Portal.Bench;

/// <summary>What a claim costs with a million finished and a hundred thousand waiting items, against a thousand of each.</summary>
static class GrowthLine
{
    const int Claims = 400;

    public static async Task RunAsync(Bench bench)
    {
        await bench.ExecuteAsync("truncate portal.request cascade");
        var template = await Wishes.SubmitAsync(bench.Node.Services, "growth", 1);
        await DispatchLine.FillAsync(bench, template, 1_000);
        var small = await MeasureAsync(bench);

        // A burst after a quiet hour: the planner believes that nothing is under way.
        await DispatchLine.FillAsync(bench, template, 10_000, "Observing", known: false);
        var burst = await MeasureAsync(bench);
        bench.Results.AtMost("claim, 10,000 under way that the statistics do not know", burst, small, "1,000 waiting", "ms", 1.5);
        await bench.ExecuteAsync("delete from portal.request_item where state = 'Observing'");

        Console.WriteLine("  filling in 1,100,000 items ...");
        await DispatchLine.FillAsync(bench, template, 99_000);
        await DispatchLine.FillAsync(bench, template, 1_000_000, "Done");
        var large = await MeasureAsync(bench);
        bench.Results.AtMost("claim, 1,000,000 done + 100,000 waiting", large, small, "1,000 waiting", "ms", 1.5);
    }

    static async Task<double> MeasureAsync(Bench bench)
    {
        var claims = bench.Node.Services.GetRequiredService<ItemClaims>();
        List<double> times = [];
        for (var round = 0; round < Claims; round++)
        {
            var start = Stopwatch.GetTimestamp();
            if ((await claims.ToSendAsync(1, CancellationToken.None)).Count != 1)
            {
                throw new InvalidOperationException("Nothing was claimed.");
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        await bench.ExecuteAsync("update portal.request_item set lease_until = null where lease_until is not null");
        await bench.ExecuteAsync("vacuum portal.request_item");
        times.Sort();
        return times[times.Count / 2];
    }
}
