using System.Net;

namespace Portal.Tests.CloudSimulator;

public sealed class SyncJobTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    const string Jobs = OrderApi + "/sync_job?filter=limit%3A%3A10%7Coffset%3A%3A0";
    const string CopiedTags = "swr/cn-east-3/v2/manage/namespaces/team-a-dr/repos/backend$order-api/tags";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        // An hour: no job moves on by itself while a test runs.
        await Simulator.PaceAsync(jobSeconds: 3600);
    }

    [Fact]
    public async Task Job_goes_from_waiting_over_running_to_success_and_the_tag_arrives()
    {
        await CopyAsync("cn-east-3", "team-a-dr", "2.19.1");
        Assert.Equal("waiting", await StatusAsync());
        await Simulator.AdvanceAsync(TimeSpan.FromMinutes(30));
        Assert.Equal("running", await StatusAsync());
        AssertError(await CallAsync("GET", CopiedTags), 404, "SVCSTG.SWR.4040010");
        await Simulator.AdvanceAsync(TimeSpan.FromMinutes(31));

        Assert.Equal("success", await StatusAsync());
        Assert.Equal("2.19.1", (await CallAsync("GET", CopiedTags)).Json!.AsArray().Single()!["Tag"]!.GetValue<string>());
        Assert.Equal(1, await Simulator.EffectsAsync("copy:cn-north-4/team-a/backend/order-api->cn-east-3/team-a-dr:2.19.1"));
    }

    [Theory]
    [InlineData("cn-east-3", "nobody-here", "2.19.1")]
    [InlineData("cn-east-3", "team-a-dr", "no-such-tag")]
    public async Task Copy_that_cannot_work_is_accepted_and_fails_later(string region, string organization, string tag)
    {
        Assert.Equal("[]", (await CopyAsync(region, organization, tag)).Text);
        await Simulator.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal("failed", await StatusAsync());
    }

    [Theory]
    [InlineData(false, "existed")]
    [InlineData(true, "success")]
    public async Task Other_image_of_the_same_name_is_replaced_only_with_override(bool isOverride, string expected)
    {
        await Simulator.PaceAsync(jobSeconds: 0);
        await CopyAsync("cn-east-3", "team-a-dr", "latest");
        await Simulator.PushAsync("cn-north-4", "team-a", "backend/order-api", "latest");
        await CopyAsync("cn-east-3", "team-a-dr", "latest", isOverride);

        Assert.Equal(expected, await StatusAsync());
    }

    [Fact]
    public async Task Push_makes_a_job_for_every_automatic_rule_only()
    {
        await CallAsync("POST", OrderApi + "/sync_repo", RuleBody);
        await CallAsync("POST", OrderApi + "/sync_repo", """{"remoteRegionId":"ap-southeast-3","remoteNamespace":"team-a"}""");
        await Simulator.PushAsync("cn-north-4", "team-a", "backend/order-api", "3.0.0");

        var job = (await CallAsync("GET", Jobs)).Json!.AsArray().Single()!;
        Assert.Equal("3.0.0", job["tag"]!.GetValue<string>());
        Assert.Equal("cn-east-3", job["remoteRegionId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Jobs_are_paged_with_a_content_range()
    {
        await CopyAsync("cn-east-3", "team-a-dr", "2.18.0\",\"2.18.1\",\"2.19.0");
        var answer = await CallAsync("GET", OrderApi + "/sync_job?filter=limit%3A%3A2%7Coffset%3A%3A1%7Corder%3A%3Aasc");

        Assert.Equal(["2.18.1", "2.19.0"], answer.Json!.AsArray().Select(job => job!["tag"]!.GetValue<string>()));
        Assert.Equal("1-2/3", answer.ContentHeaders.GetValues("Content-Range").Single());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?filter=limit%3A%3A10")]
    [InlineData("?filter=limit%3A%3Aten%7Coffset%3A%3A0")]
    [InlineData("?filter=limit%3A%3A10%7Coffset%3A%3A0%7Corder%3A%3Asideways")]
    [InlineData("?limit=10&offset=0")]
    public async Task Job_list_without_a_proper_filter_is_refused(string query) =>
        AssertError(await CallAsync("GET", OrderApi + "/sync_job" + query), 400, "SVCSTG.SWR.4001035");

    async Task<Answer> CopyAsync(string region, string organization, string tag, bool isOverride = false)
    {
        var answer = await CallAsync("POST", OrderApi + "/sync_images",
            $$"""{"imageTag":["{{tag}}"],"remoteRegionId":"{{region}}","remoteNamespace":"{{organization}}","override":{{(isOverride ? "true" : "false")}}}""");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer;
    }

    async Task<string> StatusAsync() => (await CallAsync("GET", Jobs)).Json!.AsArray()[0]!["status"]!.GetValue<string>();
}
