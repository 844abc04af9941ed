using System.Net;
using Portal.Tests.Support;

namespace Portal.Tests.CloudSimulator;

public sealed class TokenTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    const string Organizations = "swr/cn-north-4/v2/manage/namespaces";

    [Fact]
    public async Task Login_gives_a_long_token_for_24_hours()
    {
        var answer = await LoginAsync(SimulatorProcess.Password, """{"project":{"name":"cn-north-4"}}""");

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.StartsWith("MII", answer.Headers.GetValues("X-Subject-Token").Single(), StringComparison.Ordinal);
        Assert.InRange(answer.Headers.GetValues("X-Subject-Token").Single().Length, 3000, 100_000);
        Assert.True(answer.Headers.Contains("X-IAM-Trace-Id"));
        var token = answer.Json!["token"]!;
        Assert.Equal("cn-north-4", token["project"]!["name"]!.GetValue<string>());
        Assert.Equal(TimeSpan.FromHours(24), DateTimeOffset.Parse(token["expires_at"]!.GetValue<string>(), null) - DateTimeOffset.Parse(token["issued_at"]!.GetValue<string>(), null));
    }

    [Fact]
    public async Task Login_with_a_wrong_password_is_401_in_the_shape_of_IAM()
    {
        var answer = await LoginAsync("guess", """{"project":{"name":"cn-north-4"}}""");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("The username or password is wrong.", answer.Json!["error"]!["message"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"auth":{"identity":{"methods":"password"}}}""")]
    public async Task Login_with_a_bad_body_is_400(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(Request("POST", "iam/cn-north-4/v3/auth/tokens", body))).Status);

    [Fact]
    public async Task Token_is_good_in_its_own_region_only()
    {
        var token = await TokenAsync("cn-north-4");

        Assert.Equal(HttpStatusCode.OK, (await CallWithTokenAsync(token, "GET", Organizations)).Status);
        AssertError(await CallWithTokenAsync(token, "GET", "swr/cn-east-3/v2/manage/namespaces"), 401, "APIGW.0307");
        AssertError(await CallWithTokenAsync(token, "GET", "codearts/cn-east-3/v4/user/repositories"), 401, "APIGW.0307");
    }

    [Fact]
    public async Task Token_without_a_project_is_refused_by_the_services()
    {
        var login = await LoginAsync(SimulatorProcess.Password, $$$"""{"domain":{"name":"{{{SimulatorProcess.Account}}}"}}""");

        AssertError(await CallWithTokenAsync(login.Headers.GetValues("X-Subject-Token").Single(), "GET", Organizations), 401, "APIGW.0307");
    }

    [Fact]
    public async Task Token_that_was_invalidated_is_refused_and_a_new_one_accepted()
    {
        var old = await TokenAsync("cn-north-4");
        await Simulator.InvalidateTokensAsync();

        AssertError(await CallWithTokenAsync(old, "GET", Organizations), 401, "APIGW.0307");
        Assert.Equal(HttpStatusCode.OK, (await CallWithTokenAsync(await TokenAsync("cn-north-4"), "GET", Organizations)).Status);
    }

    [Fact]
    public async Task Token_older_than_24_hours_is_refused_in_the_words_of_the_service()
    {
        var token = await TokenAsync("cn-north-4");
        await Simulator.AdvanceAsync(TimeSpan.FromHours(25));

        AssertError(await CallWithTokenAsync(token, "GET", Organizations), 401, "SVCSTG.SWR.4010000");
        AssertError(await CallWithTokenAsync(token, "GET", PaymentsMirror), 401, "DEV.00000003");
    }

    [Fact]
    public async Task Call_without_or_with_an_invented_credential_is_refused()
    {
        AssertError(await SendAsync(Request("GET", Organizations)), 401, "APIGW.0301");
        AssertError(await SendAsync(Request("GET", PaymentsMirror)), 401, "DEV.00000001");
        AssertError(await CallWithTokenAsync("MIIinvented", "GET", Organizations), 401, "APIGW.0301");
        AssertError(await CallWithTokenAsync("MIIinvented", "GET", PaymentsMirror), 401, "DEV.00000002");
    }

    [Fact]
    public async Task Projects_are_found_by_region_name()
    {
        var token = await TokenAsync("cn-east-3");
        var found = await CallWithTokenAsync(token, "GET", "iam/cn-north-4/v3/projects?name=cn-north-4");
        var reachable = await CallAsync("GET", "iam/cn-north-4/v3/auth/projects");

        Assert.Matches("^[0-9a-f]{32}$", found.Json!["projects"]!.AsArray().Single()!["id"]!.GetValue<string>());
        Assert.Contains(reachable.Json!["projects"]!.AsArray(), project => project!["name"]!.GetValue<string>() == "ap-southeast-3");
    }
}
