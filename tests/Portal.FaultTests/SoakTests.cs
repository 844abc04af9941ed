using System.Globalization;
using Portal.FaultTests.Faults;
using Portal.FaultTests.Support;

namespace Portal.FaultTests;

/// <summary>All faults at random for as long as is asked for. Not part of the usual tests: <c>./test.sh --soak MINUTES</c>.</summary>
[Collection("one after the other")]
public sealed class SoakTests(Stage stage)
{
    const string MinutesVariable = "PORTAL_TEST_SOAK_MINUTES";
    const int AtATime = 5;

    [Fact(Explicit = true)]
    public async Task All_faults_at_random_lose_nothing_and_repeat_nothing_unnoticed()
    {
        var minutes = double.Parse(Environment.GetEnvironmentVariable(MinutesVariable) ?? "5", CultureInfo.InvariantCulture);
        var faults = Fault.All.Where(fault => fault.PlayAsync is not null).ToArray();
        using var time = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
        stage.AllProcesses = true;
        await using var campaign = new Campaign(stage);
        var chance = new Random(campaign.Seed);
        var gate = new Lock();
        var run = 0;

        // Each in turn before chance has its say, so that a short soak has played all of them too.
        (Fault Fault, int Run) Next()
        {
            lock (gate)
            {
                return (run < faults.Length ? faults[run] : chance.GetItems(faults, 1)[0], run++);
            }
        }

        async Task<Tally> PlayOnAsync()
        {
            var sum = Tally.None;
            while (!time.IsCancellationRequested)
            {
                var (fault, number) = Next();
                sum += await campaign.PlayAsync(fault, number);
            }

            return sum;
        }

        var tallies = await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => PlayOnAsync()));
        await campaign.ReportAsync("faults.md");
        var all = tallies.Aggregate((sum, tally) => sum + tally);
        Assert.True(all.IsClean, string.Join("\n\n", all.Problems.Take(20)));
    }
}
