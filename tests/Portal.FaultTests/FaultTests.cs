using Portal.FaultTests.Faults;
using Portal.FaultTests.Support;

namespace Portal.FaultTests;

/// <summary>The short version of every fault, all together; <c>TestResults/faults.md</c> is the table.</summary>
public sealed class FaultTests(FaultTests.ShortVersion faults) : IClassFixture<FaultTests.ShortVersion>
{
    /// <summary>Names of the faults to play, such as "F5,F6"; all when it is not set.</summary>
    const string OnlyVariable = "PORTAL_TEST_FAULTS";

    public static TheoryData<string> Numbers => [.. Fault.All.Where(fault => fault.PlayAsync is not null && IsWanted(fault)).Select(fault => fault.Number)];

    static bool IsWanted(Fault fault) =>
        Environment.GetEnvironmentVariable(OnlyVariable) is not { Length: > 0 } only || only.Split(',').Contains(fault.Number);

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task Fault_loses_nothing_and_repeats_nothing_unnoticed(string number)
    {
        var tally = await faults.OfAsync(number);
        Assert.True(tally.IsClean, string.Join("\n\n", tally.Problems));
        Assert.True(tally.Items > 0, "Nothing was asked for.");
    }

    /// <summary>Plays all faults at once, as soon as the first one is asked for.</summary>
    public sealed class ShortVersion(Stage stage) : IAsyncLifetime
    {
        readonly Campaign campaign = new(stage);
        readonly Dictionary<string, Task<Tally>> playing = [];

        /// <summary>What came of a fault.</summary>
        public Task<Tally> OfAsync(string number) => playing[number];

        public ValueTask InitializeAsync()
        {
            foreach (var fault in Fault.All.Where(fault => fault.PlayAsync is not null && IsWanted(fault)))
            {
                playing[fault.Number] = RunsAsync(fault);
            }

            return ValueTask.CompletedTask;
        }

        async Task<Tally> RunsAsync(Fault fault)
        {
            var tallies = await Task.WhenAll(Enumerable.Range(0, fault.ShortRuns).Select(run => campaign.PlayAsync(fault, run)));
            return tallies.Aggregate((sum, tally) => sum + tally);
        }

        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(playing.Values);
            await campaign.ReportAsync("faults.md");
            await campaign.DisposeAsync();
        }
    }
}
