using System.Diagnostics;

namespace Portal.Bench;

/// <summary>Requests per second through the service, three reads of the cloud and one commit each, against the same statements in pgbench.</summary>
static class SubmitLine
{
    const int Clients = 16;
    const int WarmUp = 6000;
    const int Rounds = 3;
    const int Count = 3000;

    public static async Task RunAsync(Bench bench)
    {
        // Until the runtime has compiled what runs often with all its skill; and then an analyze, which autovacuum does within a minute of a
        // first use: the statements were prepared when the tables were empty.
        await RunAsync(bench, "warm", WarmUp / 4);
        await bench.ExecuteAsync("analyze");
        await RunAsync(bench, "warmer", WarmUp);

        // In turns, so that what else the disk does meets both.
        double portal = 0;
        double peer = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await bench.ExecuteAsync("checkpoint");
            portal += await RunAsync(bench, $"submit{round}", Count);
            await bench.ExecuteAsync("checkpoint");
            peer += await bench.PgBenchAsync("submit.sql", Clients, "-T 5");
        }

        bench.Results.AtLeast("submit, 16 clients", portal / Rounds, peer / Rounds, "pgbench, the same statements", "/s", 0.4);
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
