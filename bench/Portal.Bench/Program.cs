using Portal.Bench;

// Ratios of the portal against a limit or a peer, each measured in this run and on this database. `bench/run.sh` starts it.
// Arguments: names of lines (submit, dispatch, latency, growth); none means all.
var connection = Environment.GetEnvironmentVariable("PORTAL_BENCH_DATABASE");
var pgbench = Environment.GetEnvironmentVariable("PORTAL_BENCH_PGBENCH");
if (string.IsNullOrEmpty(connection) || string.IsNullOrEmpty(pgbench))
{
    Console.Error.WriteLine("PORTAL_BENCH_DATABASE (a superuser's connection string) and PORTAL_BENCH_PGBENCH (the program) are not set; bench/run.sh sets both.");
    return 2;
}

Func<Bench, Task>[] all = [SubmitLine.RunAsync, DispatchLine.RunAsync, LatencyLine.RunAsync, GrowthLine.RunAsync];
string[] names = ["submit", "dispatch", "latency", "growth"];
if (args.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no line '{unknown}'; there are {string.Join(", ", names)}.");
    return 2;
}

await using var bench = await Bench.StartAsync(connection, pgbench);
foreach (var (name, line) in names.Zip(all))
{
    if (args.Length == 0 || args.Contains(name))
    {
        Console.WriteLine($"{name} ...");
        // What the line before left behind is not to be tidied up during this one.
        await bench.ExecuteAsync("vacuum analyze");
        await line(bench);
    }
}

Console.WriteLine();
Console.WriteLine(bench.Results);
return bench.Results.AllMet ? 0 : 1;
