using System.Net;
using System.Text.Json.Nodes;

namespace Portal.Tests.CloudSimulator;

public sealed class MirrorTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    const string Target = "mirror:cn-north-4/2111733";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        // An hour: no run moves on by itself while a test runs.
        await Simulator.PaceAsync(mirrorSeconds: 3600);
    }

    [Fact]
    public async Task Start_gives_a_jid_and_the_mirror_moves_from_started_to_finished()
    {
        var before = await ShowAsync();
        var start = await CallAsync("POST", PaymentsMirror, """{"force_fetch":true}""");
        var during = await ShowAsync();
        await Simulator.AdvanceAsync(TimeSpan.FromHours(2));
        var after = await ShowAsync();

        Assert.Equal(HttpStatusCode.OK, start.Status);
        Assert.Matches("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", start.Json!["jid"]!.GetValue<string>());
        Assert.Equal("started", Text(during, "update_status"));
        Assert.Equal(Text(before, "last_successful_update_at"), Text(during, "last_successful_update_at"));
        Assert.Equal("finished", Text(after, "update_status"));
        Assert.True(Time(after, "last_successful_update_at") > Time(before, "last_successful_update_at"));
        Assert.Equal(1, await Simulator.EffectsAsync(Target));
    }

    [Fact]
    public async Task Scripted_failure_shows_its_error_and_the_next_run_succeeds()
    {
        await Simulator.ScriptMirrorAsync("cn-north-4", 2111733, fail: true, error: "fatal: not found", delaySeconds: 10);
        await CallAsync("POST", PaymentsMirror, "{}");
        await Simulator.AdvanceAsync(TimeSpan.FromSeconds(11));
        var failed = await ShowAsync();
        await CallAsync("POST", PaymentsMirror, "{}");
        await Simulator.AdvanceAsync(TimeSpan.FromHours(2));
        var recovered = await ShowAsync();

        Assert.Equal("failed", Text(failed, "update_status"));
        Assert.Equal("fatal: not found", Text(failed, "last_error"));
        Assert.Equal(1, failed["number_of_failures"]!.GetValue<int>());
        Assert.Equal("finished", Text(recovered, "update_status"));
        Assert.Equal(0, recovered["number_of_failures"]!.GetValue<int>());
    }

    [Fact]
    public async Task Overlapping_starts_run_one_after_the_other_and_each_counts()
    {
        var first = await CallAsync("POST", PaymentsMirror, "{}");
        var second = await CallAsync("POST", PaymentsMirror, "{}");
        await Simulator.AdvanceAsync(TimeSpan.FromMinutes(90));
        var during = await ShowAsync();
        await Simulator.AdvanceAsync(TimeSpan.FromMinutes(31));

        Assert.NotEqual(Text(first.Json!, "jid"), Text(second.Json!, "jid"));
        Assert.Equal("started", Text(during, "update_status"));
        Assert.Equal("finished", Text(await ShowAsync(), "update_status"));
        Assert.Equal(2, await Simulator.EffectsAsync(Target));
    }

    [Theory]
    [InlineData("POST", 2111750, 404, "CH.004404")]
    [InlineData("GET", 2111750, 404, "CH.004404")]
    [InlineData("POST", 999, 404, "CH.004404")]
    [InlineData("POST", 2111760, 403, "CH.004403")]
    [InlineData("GET", 2111761, 403, "CH.004403")]
    [InlineData("POST", 2111762, 401, "CH.080401")]
    [InlineData("POST", 0, 400, "CH.010001")]
    [InlineData("POST", 2147483648, 400, "CH.010001")]
    public async Task Mirror_call_on_another_repository_is_refused(string method, long id, int status, string code) =>
        AssertError(await CallAsync(method, $"codearts/cn-north-4/v4/repositories/{id}/remote-mirror", method == "POST" ? "{}" : null), status, code);

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"force_fetch":"yes"}""")]
    [InlineData("""{"username":"not base64!"}""")]
    public async Task Start_with_a_bad_body_is_refused_without_effect(string body)
    {
        AssertError(await CallAsync("POST", PaymentsMirror, body), 400, "CH.010001");
        Assert.Equal(0, await Simulator.EffectsAsync(Target));
    }

    [Fact]
    public async Task Inbox_has_the_body_as_sent_and_the_call_log_has_not()
    {
        await CallAsync("POST", PaymentsMirror, """{"username":"cm9ib3Q=","password":"Y2FuYXJ5LXBhc3N3b3Jk"}""");

        Assert.Contains("Y2FuYXJ5LXBhc3N3b3Jk", Assert.Single(await Simulator.InboxAsync()), StringComparison.Ordinal);
        Assert.DoesNotContain("Y2FuYXJ5", (await Simulator.CallsAsync()).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repositories_are_listed_searched_and_paged()
    {
        var found = (await CallAsync("GET", "codearts/cn-north-4/v4/user/repositories?search=payments")).Json!.AsArray();
        var firstPage = (await CallAsync("GET", "codearts/cn-north-4/v4/user/repositories?limit=3&offset=0")).Json!.AsArray();
        var secondPage = (await CallAsync("GET", "codearts/cn-north-4/v4/user/repositories?limit=3&offset=3")).Json!.AsArray();
        var older = (await CallAsync("GET", "codearts/cn-north-4/v2/projects/repositories?page_size=2")).Json!;

        Assert.Equal(2111733, found.Single()!["id"]!.GetValue<int>());
        Assert.Equal(6, firstPage.Concat(secondPage).Select(r => r!["id"]!.GetValue<int>()).Distinct().Count());
        Assert.Equal("success", Text(older, "status"));
        Assert.Equal(2, older["result"]!["repositories"]!.AsArray().Count);
        Assert.Equal("payments-mirror", Text((await CallAsync("GET", "codearts/cn-north-4/v4/repositories/2111733")).Json!, "name"));
        AssertError(await CallAsync("GET", "codearts/cn-north-4/v4/user/repositories?limit=101"), 400, "CH.010001");
    }

    async Task<JsonNode> ShowAsync() => (await CallAsync("GET", PaymentsMirror)).Json!;

    static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    static DateTimeOffset Time(JsonNode node, string name) => DateTimeOffset.Parse(Text(node, name), null);
}
