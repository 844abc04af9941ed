using System.Security.Cryptography;
using System.Text;
using Portal.Huawei;

namespace Portal.Tests.Huawei;

/// <summary>What really arrives at a server when calls are signed, checked by a verifier of the test's own.</summary>
public sealed class SignedExchangeTests
{
    const string Secret = "skExample/0123456789+abcdefghijklmnopqr";
    static readonly SyncTarget Target = new("cn-east-3", "team-a-dr");

    [Fact]
    public async Task Send_through_a_prefix_and_a_port_signs_exactly_what_arrives()
    {
        await using var server = await CloudServer.AnsweringAsync(200, "{}");
        var client = Client.For(server.Address);
        var call = Swr.CreateRule("cn-north-4", "team-a", "backend/order-api", Target, syncAuto: true, overwrite: false);

        var answer = await client.SendAsync(call, TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccess, answer.ToString());
        var received = Assert.Single(server.Requests);
        Assert.Equal("POST", received.Method);
        Assert.Equal("/swr/cn-north-4/v2/manage/namespaces/team-a/repos/backend$order-api/sync_repo", received.Target);
        Assert.Equal("""{"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr","syncAuto":true,"override":false}""", received.Text);
        Assert.Equal("application/json", received.Headers["Content-Type"]);
        Assert.Equal(server.Address, "http://" + received.Headers["Host"]);
        AssertSignature(received);
    }

    [Fact]
    public async Task Send_of_a_delete_carries_its_body_and_signs_it()
    {
        await using var server = await CloudServer.AnsweringAsync(200, "");

        await Client.For(server.Address).SendAsync(Swr.DeleteRule("cn-north-4", "team-a", "busybox", Target), TestContext.Current.CancellationToken);

        var received = Assert.Single(server.Requests);
        Assert.Equal(("DELETE", """{"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr"}"""), (received.Method, received.Text));
        AssertSignature(received);
    }

    [Fact]
    public async Task Send_of_a_query_with_odd_characters_signs_what_arrives()
    {
        await using var server = await CloudServer.AnsweringAsync(200, "[]");

        await Client.For(server.Address).SendAsync(
            CodeArts.ListRepositories("cn-north-4", 20, 0, "一 (&=?!#%.*)+/~"), TestContext.Current.CancellationToken);

        AssertSignature(Assert.Single(server.To("/codearts/")));
    }

    [Fact]
    public async Task Send_with_a_temporary_key_sends_and_signs_the_security_token()
    {
        await using var server = await CloudServer.AnsweringAsync(200, "[]");
        var client = Client.For(server.Address, ("SecurityToken", "temporary-token-value"));

        await client.SendAsync(Swr.ListRules("cn-north-4", "team-a", "busybox"), TestContext.Current.CancellationToken);

        var received = Assert.Single(server.Requests);
        Assert.Equal("temporary-token-value", received.Headers["X-Security-Token"]);
        Assert.Contains("x-security-token", received.Headers["Authorization"], StringComparison.Ordinal);
        AssertSignature(received);
    }

    [Fact]
    public async Task Send_to_codearts_looks_the_project_up_once_and_signs_it()
    {
        await using var server = await CloudServer.StartAsync((context, received) => received.Target.StartsWith("/iam/", StringComparison.Ordinal)
            ? context.AnswerAsync(200, """{"projects":[{"id":"0605767a5780d5762fb9c003f1c8a9f1","name":"cn-north-4"}],"links":{}}""")
            : context.AnswerAsync(200, """{"jid":"b4bb9a8e-2a3c-4a57-9d0e-0d6f4c1c7a11"}"""));
        var client = Client.For(server.Address);

        for (var time = 0; time < 3; time++)
            await client.SendAsync(CodeArts.StartMirror("cn-north-4", 2111733, null, true, null), TestContext.Current.CancellationToken);

        var lookup = Assert.Single(server.To("/iam/"));
        Assert.Equal("/iam/cn-north-4/v3/projects?name=cn-north-4", lookup.Target);
        AssertSignature(lookup);
        Assert.Equal(3, server.To("/codearts/").Count);
        foreach (var received in server.To("/codearts/"))
        {
            Assert.Equal("0605767a5780d5762fb9c003f1c8a9f1", received.Headers["X-Project-Id"]);
            Assert.Contains("SignedHeaders=host;x-project-id;x-sdk-date,", received.Headers["Authorization"], StringComparison.Ordinal);
            AssertSignature(received);
        }
    }

    [Theory]
    [InlineData(403, """{"error":{"code":403,"message":"no right"}}""")]
    [InlineData(200, """{"projects":[]}""")]
    [InlineData(200, """{"projects":[{"id":"a1"},{"id":"b2"}]}""")]
    [InlineData(200, """{"projects":[{"id":"a1\r\nX-Evil: 1"}]}""")]
    [InlineData(502, "<html>")]
    public async Task Send_to_codearts_goes_on_without_a_project_and_asks_again_after_five_minutes(int status, string body)
    {
        await using var server = await CloudServer.StartAsync((context, received) => received.Target.StartsWith("/iam/", StringComparison.Ordinal)
            ? context.AnswerAsync(status, body)
            : context.AnswerAsync(200, """{"jid":"j"}"""));
        var clock = new HandClock(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
        await using var services = Client.Services(server.Address, clock);
        var client = (CloudClient)services.GetService(typeof(CloudClient))!;
        var call = CodeArts.ShowMirror("cn-north-4", 1);

        Assert.True((await client.SendAsync(call, TestContext.Current.CancellationToken)).IsSuccess);
        Assert.True((await client.SendAsync(call, TestContext.Current.CancellationToken)).IsSuccess);
        Assert.Single(server.To("/iam/"));
        clock.Now += TimeSpan.FromMinutes(5);
        Assert.True((await client.SendAsync(call, TestContext.Current.CancellationToken)).IsSuccess);

        Assert.Equal(2, server.To("/iam/").Count);
        Assert.All(server.To("/codearts/"), received => Assert.False(received.Headers.ContainsKey("X-Project-Id")));
    }

    // Written from the documentation, not from the signer: takes the raw request apart and signs it again.
    static void AssertSignature(Received received)
    {
        var authorization = received.Headers["Authorization"];
        var names = Between(authorization, "SignedHeaders=", ",").Split(';');
        var target = received.Target.Split('?', 2);
        var path = string.Concat(target[0].TrimEnd('/').Split('/').Skip(1).Select(part => "/" + Escape(Uri.UnescapeDataString(part)))) + "/";
        var query = target.Length < 2 ? [] : target[1].Split('&')
            .Select(pair => pair.Split('='))
            .Select(pair => Escape(Uri.UnescapeDataString(pair[0])) + "=" + Escape(Uri.UnescapeDataString(pair[1]))).ToArray();
        Array.Sort(query, StringComparer.Ordinal);
        var canonical = new StringBuilder().Append(received.Method).Append('\n').Append(path).Append('\n').AppendJoin('&', query).Append('\n');
        foreach (var name in names)
            canonical.Append(name).Append(':').Append(received.Headers[name]).Append('\n');
        canonical.Append('\n').AppendJoin(';', names).Append('\n').Append(Convert.ToHexStringLower(SHA256.HashData(received.Body)));
        var toSign = "SDK-HMAC-SHA256\n" + received.Headers["X-Sdk-Date"] + "\n"
            + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));

        Assert.Contains("host", names);
        Assert.Contains("x-sdk-date", names);
        Assert.Equal(
            Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(toSign))),
            authorization[(authorization.IndexOf("Signature=", StringComparison.Ordinal) + 10)..]);
    }

    static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }

    static string Escape(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(unit =>
        char.IsAsciiLetterOrDigit((char)unit) || "-_.~".Contains((char)unit, StringComparison.Ordinal) ? ((char)unit).ToString() : $"%{unit:X2}"));
}
