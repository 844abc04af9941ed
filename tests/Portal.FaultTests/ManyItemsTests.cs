using System.Diagnostics;
using Portal.FaultTests.Support;

namespace Portal.FaultTests;

/// <summary>Ten thousand items over two nodes, one of which keeps dying. Not part of the usual tests: <c>./test.sh --soak MINUTES</c>.</summary>
[Collection("one after the other")]
public sealed class ManyItemsTests(Stage stage)
{
    const int Mirrors = 500;
    const int Deaths = 10;

    // Fewer only to try the test itself.
    static readonly int Items = int.TryParse(Environment.GetEnvironmentVariable("PORTAL_TEST_MANY_ITEMS"), out var given) ? given : 10_000;

    [Fact(Explicit = true)]
    public async Task Ten_thousand_items_over_two_nodes_one_killed_ten_times_each_happen_once_or_are_flagged()
    {
        await using var place = new Place(await stage.DatabaseAsync(), stage.Cloud);
        var trial = new Trial(stage, place, Random.Shared.Next());
        var watch = Stopwatch.StartNew();
        var mirrors = Items * Mirrors / 10_000;
        for (var left = Items; left > 0; left -= 100)
        {
            var (count, some) = (Math.Min(100, left), (int)Math.Ceiling(mirrors * Math.Min(100, left) / (double)Items));
            await Task.WhenAll(Enumerable.Range(0, 10).Select(part => trial.ApproveAsync((count - some) / 10 + (part < (count - some) % 10 ? 1 : 0), part < some ? 1 : 0)));
        }

        var approved = watch.Elapsed;
        watch.Restart();
        // Half of what the cloud would take, so that the deaths are spread over the work.
        (string, string)[] settings = [("Dispatch__Concurrency", "32")];
        var steady = place.Start(settings);
        await steady.WhenReadyAsync();
        var mortal = place.Start(settings);
        for (var death = 1; death <= Deaths; death++)
        {
            await mortal.WhenReadyAsync();
            await place.WhenAsync(
                "another part was sent",
                "select (select count(*) from portal.request_item where state not in ('Queued', 'NotSent')) >= $1", (long)Items * death / (Deaths + 2));
            await mortal.KillAsync();
            mortal = place.Start(settings);
        }

        await trial.SettleAsync(TimeSpan.FromMinutes(30));
        var worked = watch.Elapsed;
        var tally = await Judge.OfAsync(trial);
        var sends = await place.CountAsync("select count(*) from portal.attempt where purpose = 'Send'");
        var unknown = await place.CountAsync("select count(*) from portal.request_item where unknowns > 0");
        var flagged = await place.CountAsync("select count(*) from portal.request_item where maybe_twice");
        await Console.Out.WriteLineAsync(
            $"""
            {trial.Asked.Count} items ({trial.Asked.Count(wish => wish.IsMirror)} of them mirrors) asked for and approved in {approved.TotalSeconds:0} s,
            carried out by two nodes in {worked.TotalSeconds:0} s, one of them killed {Deaths} times.
            {sends} calls, {unknown} items with an unknown outcome of which {tally.Settled} were settled by the machine and {tally.OnDesk} are on the desk,
            {flagged} flagged as perhaps done twice of which {tally.Flagged} were; lost {tally.Lost}, duplicates undetected {tally.Undetected}.
            """);
        Assert.True(tally.IsClean, string.Join("\n", tally.Problems.Take(20)));
    }
}
