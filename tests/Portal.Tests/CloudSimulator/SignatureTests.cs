using System.Net;
using Portal.Tests.Support;

namespace Portal.Tests.CloudSimulator;

public sealed class SignatureTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    [Fact]
    public void Signature_by_hand_gives_the_vector_of_the_API_notes()
    {
        var (_, signature) = SignatureByHand.Compute("POST", "/v2/manage/namespaces/team-a/repos/backend$order-api/sync_repo", "",
            [("host", "swr-api.cn-north-4.myhuaweicloud.com"), ("x-sdk-date", "20260901T080910Z")], RuleBody, "20260901T080910Z", "skExample/0123456789+abcdefghijklmnopqr");

        Assert.Equal("d003e681868555ab9479bbf55dea07bce221eb7fd91e7827d6991174e109b744", signature);
    }

    [Theory]
    [InlineData(OrderApi + "/sync_repo")]
    [InlineData("swr/cn-north-4/v2/manage/namespaces/team-a/repos/backend%24order-api/sync_repo")]
    [InlineData(OrderApi + "/sync_job?filter=limit%3A%3A10%7Coffset%3A%3A0")]
    public async Task Signed_call_is_accepted(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("GET", path)).Status);

    [Fact]
    public async Task Call_signed_with_another_secret_is_refused_and_echoes_the_canonical_request()
    {
        var answer = await SendAsync(SignedRequest("POST", OrderApi + "/sync_repo", RuleBody, secretKey: "some-other-secret", headers: ("X-Security-Token", "canary-token")));

        AssertError(answer, 401, "APIGW.0301");
        Assert.Contains("canary-token", answer.Text, StringComparison.Ordinal);
        Assert.Equal(0, await Simulator.EffectsAsync(RuleTarget));
    }

    [Fact]
    public async Task Call_whose_body_differs_from_the_signed_one_is_refused()
    {
        var request = SignedRequest("POST", OrderApi + "/sync_repo", RuleBody);
        request.Content = new StringContent(RuleBody.Replace("team-a-dr", "team-b-dr", StringComparison.Ordinal));

        AssertError(await SendAsync(request), 401, "APIGW.0301");
    }

    [Theory]
    [InlineData(-16, HttpStatusCode.Unauthorized)]
    [InlineData(-14, HttpStatusCode.OK)]
    [InlineData(14, HttpStatusCode.OK)]
    [InlineData(16, HttpStatusCode.Unauthorized)]
    public async Task Clock_skew_beyond_15_minutes_is_refused(int minutes, HttpStatusCode expected) =>
        Assert.Equal(expected, (await SendAsync(SignedRequest("GET", OrderApi + "/sync_repo", null, at: TimeProvider.System.GetUtcNow().AddMinutes(minutes)))).Status);

    [Fact]
    public async Task Unknown_access_key_is_refused()
    {
        var answer = await SendAsync(SignedRequest("GET", OrderApi + "/sync_repo", null, accessKey: "NOSUCHKEY"));

        AssertError(answer, 401, "APIGW.0301");
        Assert.Contains("ak not exist", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simulator-security-token-for-demonstrations", HttpStatusCode.OK)]
    [InlineData("another-token", HttpStatusCode.Unauthorized)]
    public async Task Temporary_key_needs_its_security_token(string token, HttpStatusCode expected)
    {
        var request = SignedRequest("GET", OrderApi + "/sync_repo", null, "SIMULATORTEMPORARY01", "simulator/temporary+key-for-demonstrations", headers: ("X-Security-Token", token));

        Assert.Equal(expected, (await SendAsync(request)).Status);
    }

    [Fact]
    public async Task Security_token_added_after_signing_is_accepted()
    {
        var request = SignedRequest("GET", OrderApi + "/sync_repo", null, "SIMULATORTEMPORARY01", "simulator/temporary+key-for-demonstrations");
        request.Headers.Add("X-Security-Token", "simulator-security-token-for-demonstrations");

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(request)).Status);
    }

    [Fact]
    public async Task Project_of_another_region_is_refused()
    {
        var projects = await CallAsync("GET", "iam/cn-north-4/v3/projects?name=cn-east-3");
        var elsewhere = projects.Json!["projects"]!.AsArray().Single()!["id"]!.GetValue<string>();

        AssertError(await SendAsync(SignedRequest("GET", PaymentsMirror, null, headers: ("X-Project-Id", elsewhere))), 403, "APIGW.0310");
    }

    [Fact]
    public async Task Access_key_is_locked_after_bad_signatures_when_that_is_switched_on()
    {
        await using var strict = await SimulatorProcess.StartAsync("--Simulator:LockAccessKeyAfter=2");
        async Task<string> GetAsync(string secretKey)
        {
            using var request = SignatureByHand.Sign(new HttpRequestMessage(HttpMethod.Get, new Uri(strict.Address, OrderApi)), "", SimulatorProcess.AccessKey, secretKey, TimeProvider.System.GetUtcNow());
            using var response = await strict.Control.SendAsync(request, TestContext.Current.CancellationToken);
            return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
        await GetAsync("wrong");
        await GetAsync("wrong");

        Assert.Contains("AK access failed to reach the limit", await GetAsync(SimulatorProcess.SecretKey), StringComparison.Ordinal);
    }
}
