using System.Net;
using Portal.Tests.Support;

namespace Portal.Tests.CloudSimulator;

public sealed class StartAndResetTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    [Fact]
    public async Task Reset_brings_back_the_sample_data_and_forgets_what_happened()
    {
        await CallAsync("POST", OrderApi + "/sync_repo", RuleBody);
        await CallAsync("POST", PaymentsMirror, "{}");
        await Simulator.FaultAsync("html-502");
        await Simulator.ResetAsync();

        Assert.Empty(await Simulator.EffectsAsync());
        Assert.Empty(await Simulator.InboxAsync());
        Assert.Empty(await Simulator.CallsAsync());
        Assert.Empty((await CallAsync("GET", OrderApi + "/sync_repo")).Json!.AsArray());
    }

    [Fact]
    public async Task Health_answers_without_a_credential()
    {
        using var response = await Simulator.Control.GetAsync("health", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Address_that_others_can_reach_is_refused()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => SimulatorProcess.StartAsync("--urls", "http://0.0.0.0:0"));

        Assert.Contains("--allow-any-address", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_over_12_MB_is_refused_by_the_gateway() =>
        AssertError(await SendAsync(Request("POST", PaymentsMirror, new string('x', (12 * 1024 * 1024) + 1))), 413, "APIGW.0201");
}
