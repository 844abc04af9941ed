using System.Diagnostics;

namespace Portal.Bench;

/// <summary>Requests per second through the service, three reads of the cloud and one commit each, against the same statements in pgbench.</summary>
static class SubmitLine
{
    const int Clients = 16;
    const int WarmUp = 800;
    const int Count = 6000;

    public static async Task RunAsync(Bench bench)
    {
        await RunAsync(bench, "warm", WarmUp);
        var portal = await RunAsync(bench, "submit", Count);
        await bench.ExecuteAsync("checkpoint");
        var peer = await bench.PgBenchAsync("submit.sql", Clients, "-T 6");
        bench.Results.AtLeast("submit, 16 clients", portal, peer, "pgbench, the same statements", "/s", 0.4);
    }

    static async Task<double> RunAsync(Bench bench, string line, int count)
    {
        var next = 0;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            int number;
            while ((number = Interlocked.Increment(ref next)) <= count)
            {
                await Wishes.SubmitAsync(bench.Node.Services, line, number);
            }
        })));
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
