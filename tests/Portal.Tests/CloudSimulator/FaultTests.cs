using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Tests.CloudSimulator;

public sealed class FaultTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    const string Rules = OrderApi + "/sync_repo";

    [Theory]
    [InlineData("throttled", 429, "APIGW.0308")]
    [InlineData("credential-wrong", 401, "APIGW.0301")]
    [InlineData("token-must-be-updated", 401, "APIGW.0307")]
    [InlineData("not-authorized", 403, "APIGW.0302")]
    [InlineData("swr-not-permitted", 403, "SVCSTG.SWR.4039002")]
    [InlineData("swr-repository-missing", 404, "SVCSTG.SWR.4040010")]
    [InlineData("swr-busy", 409, "SVCSTG.SWR.4090023")]
    [InlineData("swr-internal", 500, "SVCSTG.SWR.5000001")]
    [InlineData("gateway-504", 504, "APIGW.0201")]
    [InlineData("credential-expired", 401, "DEV.00000003")]
    [InlineData("mirror-forbidden", 403, "CH.004403")]
    public async Task Preset_answers_once_without_effect_and_the_next_call_works(string preset, int status, string code)
    {
        await Simulator.FaultAsync(preset, "sync_repo", "POST");

        AssertError(await CallAsync("POST", Rules, RuleBody), status, code);
        Assert.Equal(0, await Simulator.EffectsAsync(RuleTarget));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", Rules, RuleBody)).Status);
    }

    [Fact]
    public async Task Throttling_carries_retry_after_only_where_asked()
    {
        await Simulator.FaultAsync("throttled");
        await Simulator.FaultAsync("throttled-retry-after");

        Assert.Null((await CallAsync("GET", Rules)).Headers.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(2), (await CallAsync("GET", Rules)).Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Fault_meets_only_what_it_matches()
    {
        await Simulator.FaultAsync(new { preset = "swr-internal", match = new { service = "swr", method = "POST", pathContains = "backend$order-api" }, times = "always" });

        Assert.Equal(HttpStatusCode.OK, (await CallAsync("GET", Rules)).Status);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", PaymentsMirror, "{}")).Status);
        AssertError(await CallAsync("POST", Rules.Replace("$", "%24", StringComparison.Ordinal), RuleBody), 500, "SVCSTG.SWR.5000001");
        AssertError(await CallAsync("POST", Rules, RuleBody), 500, "SVCSTG.SWR.5000001");
    }

    [Fact]
    public async Task Fault_skips_the_calls_it_is_told_to()
    {
        await Simulator.FaultAsync(new { preset = "html-502", skip = 1 });

        Assert.Equal(HttpStatusCode.OK, (await CallAsync("GET", Rules)).Status);
        Assert.Equal(HttpStatusCode.BadGateway, (await CallAsync("GET", Rules)).Status);
    }

    [Theory]
    [InlineData("html-502", 502, 0)]
    [InlineData("html-502-after-effect", 502, 1)]
    [InlineData("html-200", 200, 0)]
    public async Task Page_for_people_comes_instead_of_JSON(string preset, int status, int effects)
    {
        await Simulator.FaultAsync(preset, "sync_repo");
        var answer = await CallAsync("POST", Rules, RuleBody);

        Assert.Equal((HttpStatusCode)status, answer.Status);
        Assert.Equal("text/html", answer.ContentHeaders.ContentType?.MediaType);
        Assert.StartsWith("<html>", answer.Text, StringComparison.Ordinal);
        Assert.Equal(effects, await Simulator.EffectsAsync(RuleTarget));
    }

    [Theory]
    [InlineData("reset-before-effect", 0)]
    [InlineData("reset-after-effect", 1)]
    [InlineData("cut-after-effect", 1)]
    public async Task Broken_connection_gives_no_answer(string preset, int effects)
    {
        await Simulator.FaultAsync(preset, "sync_repo");

        await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync("POST", Rules, RuleBody));
        Assert.Equal(effects, await Simulator.EffectsAsync(RuleTarget));
    }

    [Theory]
    [InlineData("hold-before-effect", 0)]
    [InlineData("hold-after-effect", 1)]
    public async Task Held_call_waits_for_its_release(string preset, int effectsWhileHeld)
    {
        await Simulator.FaultAsync(preset, "sync_repo");
        var call = CallAsync("POST", Rules, RuleBody);
        await Simulator.WhenWaitingAsync();

        Assert.Equal(effectsWhileHeld, await Simulator.EffectsAsync(RuleTarget));
        Assert.False(call.IsCompleted);
        await Simulator.ReleaseAsync();
        Assert.Equal(HttpStatusCode.OK, (await call).Status);
        Assert.Equal(1, await Simulator.EffectsAsync(RuleTarget));
    }

    [Fact]
    public async Task Hanging_call_is_never_answered_though_its_effect_happened()
    {
        await Simulator.FaultAsync("hang-after-effect", "sync_repo");
        using var client = new HttpClient();
        using var gone = new CancellationTokenSource();
        using var request = SignedRequest("POST", Rules, RuleBody);
        var call = client.SendAsync(request, gone.Token);
        await Simulator.WhenWaitingAsync();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(1, await Simulator.EffectsAsync(RuleTarget));
    }

    [Fact]
    public async Task Mangled_bodies_are_huge_cut_short_or_of_other_types()
    {
        await Simulator.FaultAsync("huge-body");
        await Simulator.FaultAsync(new { preset = "truncated-json", match = new { service = "codearts" } });
        await Simulator.FaultAsync("wrong-types");

        Assert.Equal(10 * 1024 * 1024, (await CallAsync("GET", Rules)).Text.Length);
        await Assert.ThrowsAnyAsync<JsonException>(() => CallAsync("GET", PaymentsMirror));
        Assert.Equal(JsonValueKind.Number, (await CallAsync("POST", PaymentsMirror, "{}")).Json!["jid"]!.GetValueKind());
    }

    [Fact]
    public async Task Answer_can_be_scripted_freely()
    {
        await Simulator.FaultAsync(new { status = 418, body = new { any = "thing" }, headers = new Dictionary<string, string> { ["X-Odd"] = "1" } });
        var answer = await CallAsync("GET", Rules);

        Assert.Equal((HttpStatusCode)418, answer.Status);
        Assert.Equal("""{"any":"thing"}""", answer.Text);
        Assert.Equal("1", answer.Headers.GetValues("X-Odd").Single());
    }

    [Theory]
    [InlineData("""{"preset":"no-such"}""")]
    [InlineData("""{"prest":"html-502"}""")]
    [InlineData("""{"preset":"html-502","times":"sometimes"}""")]
    public async Task Fault_that_says_nonsense_is_refused(string body)
    {
        using var response = await Simulator.Control.PostAsJsonAsync("control/faults", JsonNode.Parse(body), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Call_log_names_the_fault_and_holds_no_credential()
    {
        var token = await TokenAsync("cn-north-4");
        await Simulator.FaultAsync("html-502", "namespaces/team-a");
        await CallWithTokenAsync(token, "GET", Rules);
        await CallAsync("GET", Rules);
        var calls = await Simulator.CallsAsync();
        var text = calls.ToJsonString();

        Assert.Contains(calls, call => call!["fault"]?.GetValue<string>() == "html-502" && call["status"]!.GetValue<int>() == 502);
        Assert.DoesNotContain(token[..200], text, StringComparison.Ordinal);
        Assert.DoesNotContain("Signature=", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Simulator-password-1", text, StringComparison.Ordinal);
    }
}
