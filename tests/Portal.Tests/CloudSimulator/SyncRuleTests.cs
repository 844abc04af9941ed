using System.Net;
using System.Text.Json.Nodes;

namespace Portal.Tests.CloudSimulator;

public sealed class SyncRuleTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    const string Rules = OrderApi + "/sync_repo";

    [Fact]
    public async Task Rule_once_created_is_listed_with_the_real_name_and_counted_once()
    {
        var created = await CallAsync("POST", Rules, RuleBody);
        var listed = (await CallAsync("GET", Rules)).Json!.AsArray().Single()!;

        Assert.Equal(HttpStatusCode.OK, created.Status);
        Assert.Matches("^[0-9a-f]{32}$", created.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal("backend/order-api", listed["repoName"]!.GetValue<string>());
        Assert.Equal("cn-east-3", listed["remoteRegionId"]!.GetValue<string>());
        Assert.Equal("team-a-dr", listed["remoteNamespace"]!.GetValue<string>());
        Assert.True(listed["syncAuto"]!.GetValue<bool>());
        Assert.EndsWith("Z", listed["createdAt"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1, await Simulator.EffectsAsync(RuleTarget));
    }

    [Fact]
    public async Task Rule_that_does_not_copy_by_itself_is_hidden_but_there()
    {
        await CallAsync("POST", Rules, RuleBody.Replace("true", "false", StringComparison.Ordinal));

        Assert.Empty((await CallAsync("GET", Rules)).Json!.AsArray());
        AssertError(await CallAsync("POST", Rules, RuleBody), 400, "SIM.SWR.DUPLICATE");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    public async Task Duplicate_is_refused_with_the_status_that_was_chosen_and_changes_nothing(int status)
    {
        await Simulator.DuplicateStatusAsync(status);
        await CallAsync("POST", Rules, RuleBody);
        var second = await CallAsync("POST", Rules, RuleBody);

        Assert.Equal((HttpStatusCode)status, second.Status);
        Assert.Contains("duplicate sync repo", second.Text, StringComparison.Ordinal);
        Assert.Equal(1, await Simulator.EffectsAsync(RuleTarget));
    }

    [Fact]
    public async Task Many_creations_at_once_make_one_rule()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CallAsync("POST", Rules, RuleBody)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(1, await Simulator.EffectsAsync(RuleTarget));
    }

    [Fact]
    public async Task Delete_with_a_body_removes_the_rule()
    {
        await CallAsync("POST", Rules, RuleBody);

        Assert.Equal(HttpStatusCode.OK, (await CallAsync("DELETE", Rules, """{"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr"}""")).Status);
        Assert.Empty((await CallAsync("GET", Rules)).Json!.AsArray());
    }

    [Theory]
    [InlineData("usual", "$.errors[0].errorCode")]
    [InlineData("a", "$[0].errorCode")]
    [InlineData("b", "$.errors[0].errorCode")]
    [InlineData("c", "$.errorCode")]
    public async Task Delete_of_a_missing_rule_answers_4001158_in_the_chosen_shape(string shape, string place)
    {
        await Simulator.ErrorShapeAsync(shape);
        var answer = await CallAsync("DELETE", Rules, """{"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr"}""");
        var code = place switch
        {
            "$[0].errorCode" => answer.Json is JsonArray list ? list[0]!["errorCode"] : null,
            "$.errors[0].errorCode" => (answer.Json as JsonObject)?["errors"]?[0]?["errorCode"],
            _ => (answer.Json as JsonObject)?["errorCode"],
        };

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("SVCSTG.SWR.4001158", code?.GetValue<string>());
    }

    [Theory]
    [InlineData("not json", "SVCSTG.SWR.4001018", 400)]
    [InlineData("[]", "SVCSTG.SWR.4001018", 400)]
    [InlineData("""{"remoteRegionId":"cn-east-3"}""", "SVCSTG.SWR.4001014", 400)]
    [InlineData("""{"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr","syncAuto":"yes"}""", "SVCSTG.SWR.4001018", 400)]
    [InlineData("""{"remoteRegionId":"cn-east-3","remoteNamespace":"Team-A"}""", "SVCSTG.SWR.4001028", 400)]
    [InlineData("""{"remoteRegionId":"\ud800","remoteNamespace":"team-a-dr"}""", "SVCSTG.SWR.4001014", 400)]
    [InlineData("""{"remoteRegionId":"cn-east-3","remoteNamespace":"team-a\u0000"}""", "SVCSTG.SWR.4001028", 400)]
    [InlineData("""{"remoteRegionId":"cn-nowhere-1","remoteNamespace":"team-a-dr"}""", "SVCSTG.SWR.5001101", 500)]
    [InlineData("""{"remoteRegionId":"cn-north-4","remoteNamespace":"team-a-dr"}""", "SVCSTG.SWR.4000014", 400)]
    public async Task Bad_creation_is_refused_with_its_code_and_has_no_effect(string body, string code, int status)
    {
        AssertError(await CallAsync("POST", Rules, body), status, code);
        Assert.Empty(await Simulator.EffectsAsync());
    }

    [Theory]
    [InlineData("nobody/repos/backend$order-api", 404, "SVCSTG.SWR.4041061")]
    [InlineData("team-a/repos/backend$missing", 404, "SVCSTG.SWR.4040010")]
    [InlineData("Team-A/repos/busybox", 400, "SVCSTG.SWR.4001028")]
    [InlineData("team-a/repos/busy..box", 400, "SVCSTG.SWR.4001029")]
    [InlineData("team-a/repos/backend/order-api", 404, "APIGW.0101")]
    [InlineData("platform-shared/repos/ingress$controller", 403, "SVCSTG.SWR.4039002")]
    public async Task Creation_for_what_is_not_there_or_not_allowed_is_refused(string repository, int status, string code) =>
        AssertError(await CallAsync("POST", $"swr/cn-north-4/v2/manage/namespaces/{repository}/sync_repo", RuleBody), status, code);

    [Theory]
    [InlineData("swr/cn-nowhere-1/v2/manage/namespaces")]
    [InlineData("swr/cn-north-4/v2/manage/unheard-of")]
    [InlineData("codearts/ap-southeast-1/v4/user/repositories")]
    public async Task Route_that_is_not_published_answers_APIGW_0101(string path) =>
        AssertError(await CallAsync("GET", path), 404, "APIGW.0101");
}
