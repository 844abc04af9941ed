using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Huawei;

namespace Portal.Tests.Huawei;

/// <summary>Tokens bought with a password: how many logins really reach IAM.</summary>
public sealed class TokensTests
{
    static readonly CloudCall Read = Swr.ListRules("cn-north-4", "team-a", "busybox");
    static readonly CloudCall Write = Swr.CreateRule("cn-north-4", "team-a", "busybox", new SyncTarget("cn-east-3", "dr"), true, false);
    static readonly DateTimeOffset Start = new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_logs_in_as_documented_and_uses_the_token()
    {
        var long1 = "MII" + new string('A', 60_000);
        await using var server = await ServerAsync(_ => long1);

        var answer = await Client.WithPassword(server.Address).SendAsync(Read, Token);

        Assert.True(answer.IsSuccess, answer.ToString());
        var login = server.Requests[0];
        Assert.Equal(("POST", "/iam/cn-north-4/v3/auth/tokens?nocatalog=any"), (login.Method, login.Target));
        Assert.Equal(
            """{"auth":{"identity":{"methods":["password"],"password":{"user":{"domain":{"name":"acme"},"name":"portal","password":"p4ss-w0rd!secret"}}},"scope":{"project":{"name":"cn-north-4"}}}}""",
            login.Text);
        Assert.False(login.Headers.ContainsKey("X-Auth-Token"));
        var sent = server.Requests[1];
        Assert.Equal(long1, sent.Headers["X-Auth-Token"]);
        Assert.False(sent.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task Send_by_twenty_at_once_logs_in_once()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await CloudServer.StartAsync(async (context, received) =>
        {
            if (IsLogin(received))
            {
                await gate.Task;
                await context.TokenAsync("t");
            }
            else
                await context.AnswerAsync(200, "[]");
        });
        var client = Client.WithPassword(server.Address);

        var calls = Enumerable.Range(0, 20).Select(_ => client.SendAsync(Read, Token)).ToList();
        gate.SetResult();
        var answers = await Task.WhenAll(calls);

        Assert.All(answers, answer => Assert.True(answer.IsSuccess, answer.ToString()));
        Assert.Single(server.To("/auth/tokens"));
        Assert.Equal(20, server.To("sync_repo").Count);
    }

    [Fact]
    public async Task Send_whose_caller_goes_away_leaves_the_login_to_the_others()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancel = new CancellationTokenSource();
        await using var server = await CloudServer.StartAsync(async (context, received) =>
        {
            if (!IsLogin(received))
            {
                await context.AnswerAsync(200, "[]");
                return;
            }

            await cancel.CancelAsync();
            await gate.Task;
            await context.TokenAsync("t");
        });
        var client = Client.WithPassword(server.Address);

        var leaving = client.SendAsync(Write, cancel.Token);
        var staying = client.SendAsync(Read, Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        gate.SetResult();

        Assert.True((await staying).IsSuccess);
        Assert.Single(server.To("/auth/tokens"));
        Assert.Single(server.To("sync_repo"));
    }

    [Fact]
    public async Task Send_to_two_regions_buys_two_tokens()
    {
        await using var server = await ServerAsync(received => "token-of-" + received.Target.Split('/')[2]);
        var client = Client.WithPassword(server.Address);

        await client.SendAsync(Swr.ListOrganizations("cn-north-4"), Token);
        await client.SendAsync(Swr.ListOrganizations("cn-east-3"), Token);
        await client.SendAsync(Swr.ListOrganizations("cn-north-4"), Token);

        Assert.Equal(
            ["token-of-cn-north-4", "token-of-cn-east-3", "token-of-cn-north-4"],
            server.To("namespaces").Select(received => received.Headers["X-Auth-Token"]));
        Assert.Equal(2, server.To("/auth/tokens").Count);
        Assert.Contains("""{"name":"cn-east-3"}""", server.To("/iam/cn-east-3/")[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-09-02T00:00:00.000000Z", 24 * 60 - 11, 1)] // 24 hours: ten minutes ahead of the end
    [InlineData("2026-09-02T00:00:00.000000Z", 24 * 60 - 10, 2)]
    [InlineData("2026-09-01T01:00:00Z", 53, 1)] // one hour: a tenth of it
    [InlineData("2026-09-01T01:00:00Z", 54, 2)]
    [InlineData("garbage", 53, 1)] // unreadable: taken for one hour
    [InlineData("garbage", 54, 2)]
    [InlineData("2020-01-01T00:00:00Z", 53, 1)] // ends before it begins: likewise
    public async Task Send_renews_ahead_of_the_end(string expires, int minutesLater, int logins)
    {
        await using var server = await CloudServer.StartAsync((context, received) => IsLogin(received)
            ? context.TokenAsync("t", expires: expires)
            : context.AnswerAsync(200, "[]"));
        // Three years off: only the length of the life counts, not what the cloud's clock says.
        var clock = new HandClock(Start.AddYears(-3));
        await using var services = Client.Services(server.Address, clock, Client.PasswordSettings);
        var client = services.GetRequiredService<CloudClient>();

        await client.SendAsync(Read, Token);
        clock.Now += TimeSpan.FromMinutes(minutesLater);
        await client.SendAsync(Read, Token);

        Assert.Equal(logins, server.To("/auth/tokens").Count);
    }

    [Fact]
    public async Task Read_after_a_refused_token_logs_in_anew_and_asks_once_more()
    {
        var logins = 0;
        await using var server = await CloudServer.StartAsync((context, received) => IsLogin(received)
            ? context.TokenAsync($"t{Interlocked.Increment(ref logins)}")
            : received.Headers["X-Auth-Token"] == "t1"
                ? context.AnswerAsync(401, """{"error_code":"APIGW.0307","error_msg":"The token must be updated."}""")
                : context.AnswerAsync(200, "[]"));

        var answer = await Client.WithPassword(server.Address).ReadAsync(Read, Token);

        Assert.True(answer.IsSuccess);
        Assert.Equal(["t1", "t2"], server.To("sync_repo").Select(received => received.Headers["X-Auth-Token"]));
    }

    [Fact]
    public async Task Read_with_tokens_that_are_always_refused_stops_after_the_second()
    {
        await using var server = await ServerAsync(_ => "t", 401, """{"error_code":"APIGW.0307","error_msg":"The token must be updated."}""");

        var answer = await Client.WithPassword(server.Address).ReadAsync(Read, Token);

        Assert.Equal((401, true), (answer.Status, answer.CredentialExpired));
        Assert.Equal((2, 2), (server.To("/auth/tokens").Count, server.To("sync_repo").Count));
    }

    [Fact]
    public async Task Read_whose_right_is_missing_keeps_the_token()
    {
        await using var server = await ServerAsync(_ => "t", 401, """{"error_code":"CH.080401","error_msg":"no permission"}""");

        await Client.WithPassword(server.Address).ReadAsync(CodeArts.ShowMirror("cn-north-4", 1), Token);

        Assert.Equal((1, 1), (server.To("/auth/tokens").Count, server.To("remote-mirror").Count));
    }

    [Fact]
    public async Task Read_with_an_access_key_is_never_repeated()
    {
        await using var server = await CloudServer.AnsweringAsync(401, """{"error_code":"APIGW.0301","error_msg":"ak not exist"}""");
        var client = Client.For(server.Address);

        var answer = await client.ReadAsync(Read, Token);

        Assert.True(answer.CredentialExpired);
        Assert.False(client.CanRenewCredential);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Read_refuses_a_write() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Client.For("http://127.0.0.1:1").ReadAsync(Write, Token));

    [Fact]
    public async Task Send_of_a_refused_write_is_not_repeated_until_the_caller_forgets_the_token()
    {
        await using var server = await ServerAsync(_ => "t", 401, """{"error_code":"APIGW.0307","error_msg":"The token must be updated."}""");
        var client = Client.WithPassword(server.Address);

        Assert.True((await client.SendAsync(Write, Token)).CredentialExpired);
        Assert.Equal((1, 1), (server.To("/auth/tokens").Count, server.To("sync_repo").Count));
        client.ForgetToken("cn-north-4");
        await client.SendAsync(Write, Token);

        Assert.True(client.CanRenewCredential);
        Assert.Equal((2, 2), (server.To("/auth/tokens").Count, server.To("sync_repo").Count));
    }

    [Fact]
    public async Task Send_after_a_failed_login_is_not_sent_and_the_next_one_logs_in_again()
    {
        var logins = 0;
        await using var server = await CloudServer.StartAsync((context, received) =>
            !IsLogin(received) ? context.AnswerAsync(200, "[]")
            : Interlocked.Increment(ref logins) == 1
                ? context.AnswerAsync(401, """{"error":{"code":401,"message":"The username or password p4ss-w0rd!secret is wrong.","title":"Unauthorized"}}""")
                : context.TokenAsync("t"));
        var client = Client.WithPassword(server.Address);

        var first = await client.SendAsync(Write, Token);
        var second = await client.SendAsync(Write, Token);

        Assert.Equal((AnswerKind.NotSent, null, "no token: IAM answered 401"), (first.Kind, first.Status, first.Failure));
        Assert.Equal("The username or password *** is wrong.", first.ErrorMessage);
        Assert.True(second.IsSuccess);
        Assert.Single(server.To("sync_repo"));
    }

    [Theory]
    [InlineData(201, "no token: IAM answered 201 without a token")]
    [InlineData(503, "no token: IAM answered 503")]
    public async Task Send_without_a_token_to_be_had_is_not_sent(int status, string failure)
    {
        await using var server = await CloudServer.AnsweringAsync(status, "{}");

        var answer = await Client.WithPassword(server.Address).SendAsync(Write, Token);

        Assert.Equal((AnswerKind.NotSent, failure), (answer.Kind, answer.Failure));
        Assert.Empty(server.To("sync_repo"));
    }

    [Fact]
    public async Task Send_with_iam_out_of_reach_is_not_sent()
    {
        var answer = await Client.WithPassword("http://127.0.0.1:1").SendAsync(Write, Token);

        Assert.Equal((AnswerKind.NotSent, "no token: IAM: connection refused"), (answer.Kind, answer.Failure));
    }

    static Task<CloudServer> ServerAsync(Func<Received, string> token, int status = 200, string body = "[]") =>
        CloudServer.StartAsync((HttpContext context, Received received) =>
            IsLogin(received) ? context.TokenAsync(token(received)) : context.AnswerAsync(status, body));

    static bool IsLogin(Received received) => received.Target.Contains("/auth/tokens", StringComparison.Ordinal);
}
