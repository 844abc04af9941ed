using System.Diagnostics;
using Portal.FaultTests.Faults;

namespace Portal.FaultTests.Support;

/// <summary>Plays trials, several at a time because most of each is waiting, and keeps the table of what came of them.</summary>
public sealed class Campaign(Stage stage) : IAsyncDisposable
{
    /// <summary>Environment variable with the seed of an earlier run, to play the same again.</summary>
    public const string SeedVariable = "PORTAL_TEST_SEED";

    const int AtATime = 6;
    const int MostProblems = 100;

    readonly SemaphoreSlim turns = new(AtATime, AtATime);
    readonly Lock gate = new();
    readonly Dictionary<Fault, Tally> table = [];
    readonly Stopwatch watch = Stopwatch.StartNew();
    Task<Place>? shared;

    /// <summary>Where all chance comes from.</summary>
    public int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out var given) ? given : Random.Shared.Next(1_000_000);

    /// <summary>Plays one trial when its turn comes; enters it in the table.</summary>
    public async Task<Tally> PlayAsync(Fault fault, int run)
    {
        var alone = fault.Ground switch { Ground.OwnServer => stage.Crashing, Ground.OwnLogin => stage.LoggingIn, _ => null };
        Tally tally;
        try
        {
            tally = await InTurnAsync(alone, () => InTurnAsync(turns, () => TryAsync(fault, SeedOf(fault, run))));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            tally = Tally.None with { Runs = 1, Problems = [$"{fault.Number}, seed {Seed}: it could not be judged: {failure}"] };
        }

        lock (gate)
        {
            table[fault] = table.GetValueOrDefault(fault, Tally.None) + tally;
        }

        return tally;
    }

    /// <summary>The table as Markdown.</summary>
    public string Table()
    {
        lock (gate)
        {
            var all = table.Values.Aggregate(Tally.None, (sum, tally) => sum + tally);
            string[] lines =
            [
                $"Seed {Seed}, {watch.Elapsed.TotalSeconds:0} s. Runs are of a fault, the other figures are items.",
                "",
                "| fault | runs | items | lost | duplicates undetected | duplicates flagged | unknown settled by machine | parked |",
                "|---|--:|--:|--:|--:|--:|--:|--:|",
                .. Fault.All.Where(fault => fault.PlayAsync is null || table.ContainsKey(fault)).Select(fault => fault.PlayAsync is null
                    ? $"| {fault} | n/a: {fault.NotApplicable} | | | | | | |"
                    : Line(fault.ToString(), table[fault])),
                Line("all", all),
                .. all.Problems.Take(MostProblems).Select(problem => $"\n- {problem}"),
            ];
            return string.Join('\n', lines) + "\n";
        }
    }

    /// <summary>Writes the table to TestResults, and to the output.</summary>
    public async Task ReportAsync(string file)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Portal.Tests.Support.Repository.Root, "TestResults"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), Table());
        await Console.Out.WriteLineAsync(Table());
    }

    static string Line(string name, Tally tally) =>
        $"| {name} | {tally.Runs} | {tally.Items} | {tally.Lost} | {tally.Undetected} | {tally.Flagged} | {tally.Settled} | {tally.OnDesk} |";

    // Not of the order in which trials happen to end.
    int SeedOf(Fault fault, int run) => (Seed * 1_000_003) ^ (int.Parse(fault.Number[1..], System.Globalization.CultureInfo.InvariantCulture) * 7919) ^ run;

    static async Task<Tally> InTurnAsync(SemaphoreSlim? turn, Func<Task<Tally>> play)
    {
        await (turn?.WaitAsync() ?? Task.CompletedTask);
        try
        {
            return await play();
        }
        finally
        {
            turn?.Release();
        }
    }

    async Task<Tally> TryAsync(Fault fault, int seed)
    {
        var place = await PlaceForAsync(fault.Ground);
        try
        {
            var trial = new Trial(stage, place, seed);
            try
            {
                await fault.PlayAsync!(trial);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                trial.Check(false, $"it could not be played to its end: {failure}");
            }

            await trial.SettleAsync();
            var tally = await Judge.OfAsync(trial);
            return tally.IsClean ? tally : tally with { Problems = [.. tally.Problems.Select(problem => $"{fault.Number}, seed {Seed}: {problem}")] };
        }
        finally
        {
            if (fault.Ground != Ground.Shared)
            {
                await place.DisposeAsync();
            }
        }
    }

    async Task<Place> PlaceForAsync(Ground ground)
    {
        if (ground != Ground.Shared)
        {
            return new Place(ground == Ground.OwnServer ? await (await stage.ClusterAsync()).CreateAsync() : await stage.DatabaseAsync(), stage.Cloud);
        }

        Task<Place> made;
        lock (gate)
        {
            made = shared ??= MakeSharedAsync();
        }

        return await made;
    }

    async Task<Place> MakeSharedAsync()
    {
        var place = new Place(await stage.DatabaseAsync(), stage.Cloud);
        place.Start(("Dispatch__Concurrency", "64"));
        return place;
    }

    public async ValueTask DisposeAsync()
    {
        if (shared is not null)
        {
            await (await shared).DisposeAsync();
        }

        turns.Dispose();
    }
}
