using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Huawei;

namespace Portal.Tests.Huawei;

/// <summary>What the client says when the network fails: "not sent" only where nothing can have happened.</summary>
public sealed class TransportTests
{
    static readonly SyncTarget Target = new("cn-east-3", "dr");
    static readonly CloudCall Write = Swr.CreateRule("cn-north-4", "team-a", "busybox", Target, true, false);
    static readonly CloudCall Delete = Swr.DeleteRule("cn-north-4", "team-a", "busybox", Target);
    static readonly CloudCall Read = Swr.ListRules("cn-north-4", "team-a", "busybox");

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_to_a_closed_port_is_not_sent()
    {
        var port = FreePort();

        var answer = await Client.For($"http://127.0.0.1:{port}").SendAsync(Write, Token);

        Assert.Equal((AnswerKind.NotSent, "connection refused", null), (answer.Kind, answer.Failure, answer.Status));
    }

    [Fact]
    public async Task Send_to_a_name_that_does_not_exist_is_not_sent()
    {
        var answer = await Client.For("https://nowhere.invalid").SendAsync(Write, Token);

        Assert.Equal((AnswerKind.NotSent, "host name not found"), (answer.Kind, answer.Failure));
    }

    [Fact]
    public async Task Send_to_a_certificate_nobody_vouches_for_is_not_sent()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=127.0.0.1", key, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using var app = builder.Build();
        var reached = 0;
        app.Run(_ =>
        {
            Interlocked.Increment(ref reached);
            return Task.CompletedTask;
        });
        await app.StartAsync(Token);

        var answer = await Client.For(app.Urls.Single()).SendAsync(Write, Token);

        Assert.Equal(AnswerKind.NotSent, answer.Kind);
        Assert.StartsWith("TLS failed", answer.Failure, StringComparison.Ordinal);
        Assert.Equal(0, reached);
    }

    [Fact]
    public async Task Send_to_a_server_that_never_finishes_the_handshake_is_not_sent()
    {
        using var wire = new Wire((_, token) => Task.Delay(Timeout.Infinite, token));

        var answer = await Client.For(wire.Address.Replace("http:", "https:", StringComparison.Ordinal), ("TimeoutSeconds", "1")).SendAsync(Write, Token);

        Assert.Equal((AnswerKind.NotSent, "timed out after 1 s while connecting"), (answer.Kind, answer.Failure));
    }

    [Theory]
    [InlineData("write")]
    [InlineData("delete")]
    [InlineData("read")]
    public async Task Send_to_a_server_that_resets_is_no_answer_and_is_sent_once(string which)
    {
        using var wire = new Wire(async (client, token) =>
        {
            await Wire.ReadRequestAsync(client, token);
            client.LingerState = new LingerOption(true, 0);
            client.Close();
        });

        var answer = await Client.For(wire.Address).SendAsync(Call(which), Token);

        Assert.Equal((AnswerKind.NoAnswer, null), (answer.Kind, answer.Status));
        Assert.Contains(answer.Failure, (string[])["connection reset", "connection closed without an answer"]);
        Assert.Equal(1, wire.Connections);
    }

    [Theory]
    [InlineData("write")]
    [InlineData("delete")]
    [InlineData("read")]
    public async Task Send_to_a_server_that_closes_without_a_word_is_no_answer_and_is_sent_once(string which)
    {
        using var wire = new Wire(Wire.ReadRequestAsync);

        var answer = await Client.For(wire.Address).SendAsync(Call(which), Token);

        Assert.Equal((AnswerKind.NoAnswer, "connection closed without an answer"), (answer.Kind, answer.Failure));
        Assert.Equal(1, wire.Connections);
    }

    [Fact]
    public async Task Send_of_a_write_never_uses_a_connection_again_that_the_server_offered_to_keep()
    {
        // Each connection answers once, as if it would be kept, and dies at a second request: reuse would show as a fault.
        using var wire = new Wire(async (client, token) =>
        {
            await Wire.ReadRequestAsync(client, token);
            await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]"u8.ToArray(), token);
            await Wire.ReadRequestAsync(client, token);
        });
        var client = Client.For(wire.Address);

        for (var time = 0; time < 5; time++)
            Assert.Equal(AnswerKind.Answered, (await client.SendAsync(Write, Token)).Kind);

        Assert.Equal(5, wire.Connections);
    }

    [Fact]
    public async Task Read_keeps_the_connection_and_gets_over_its_death()
    {
        // Each connection answers three times and dies at the fourth request, as one that was kept too long does.
        using var wire = new Wire(async (client, token) =>
        {
            for (var answers = 0; answers < 3; answers++)
            {
                await Wire.ReadRequestAsync(client, token);
                await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]"u8.ToArray(), token);
            }

            await Wire.ReadRequestAsync(client, token);
        });
        var client = Client.For(wire.Address);

        for (var time = 0; time < 5; time++)
            Assert.Equal(AnswerKind.Answered, (await client.ReadAsync(Call("read"), Token)).Kind);

        Assert.Equal(3, wire.Connections);
    }

    [Fact]
    public async Task Send_to_a_server_that_never_answers_is_no_answer()
    {
        using var wire = new Wire((_, token) => Task.Delay(Timeout.Infinite, token));

        var answer = await Client.For(wire.Address, ("TimeoutSeconds", "1")).SendAsync(Write, Token);

        Assert.Equal((AnswerKind.NoAnswer, "timed out after 1 s", null), (answer.Kind, answer.Failure, answer.Status));
    }

    [Fact]
    public async Task Send_to_a_server_that_stops_in_its_body_is_no_answer_with_the_status_seen()
    {
        using var cut = new Wire(async (client, token) =>
        {
            await Wire.ReadRequestAsync(client, token);
            await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{\"jid\":"u8.ToArray(), token);
        });
        using var stuck = new Wire(async (client, token) =>
        {
            await Wire.ReadRequestAsync(client, token);
            await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{\"jid\":"u8.ToArray(), token);
            await Task.Delay(Timeout.Infinite, token);
        });

        var short1 = await Client.For(cut.Address).SendAsync(Write, Token);
        var short2 = await Client.For(stuck.Address, ("TimeoutSeconds", "1")).SendAsync(Write, Token);

        Assert.Equal((AnswerKind.NoAnswer, 200, "the answer was cut short", false), (short1.Kind, short1.Status, short1.Failure, short1.IsSuccess));
        Assert.Equal((AnswerKind.NoAnswer, 200, "timed out after 1 s", false), (short2.Kind, short2.Status, short2.Failure, short2.IsSuccess));
    }

    [Fact]
    public async Task Send_to_something_that_is_not_http_is_no_answer()
    {
        using var wire = new Wire(async (client, token) =>
        {
            await Wire.ReadRequestAsync(client, token);
            await client.GetStream().WriteAsync("220 mail.example ESMTP\r\n"u8.ToArray(), token);
        });

        var answer = await Client.For(wire.Address).SendAsync(Write, Token);

        Assert.Equal((AnswerKind.NoAnswer, "what came back is not HTTP"), (answer.Kind, answer.Failure));
    }

    [Fact]
    public async Task Send_cancelled_before_it_began_throws_and_opens_nothing()
    {
        using var wire = new Wire(Wire.ReadRequestAsync);
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.For(wire.Address).SendAsync(Write, cancel.Token));

        Assert.Equal(0, wire.Connections);
    }

    [Fact]
    public async Task Send_of_a_write_cancelled_on_its_way_is_no_answer_and_of_a_read_throws()
    {
        using var cancel1 = new CancellationTokenSource();
        using var cancel2 = new CancellationTokenSource();
        using var wire1 = new Wire(async (client, token) => { await Wire.ReadRequestAsync(client, token); await cancel1.CancelAsync(); await Task.Delay(Timeout.Infinite, token); });
        using var wire2 = new Wire(async (client, token) => { await Wire.ReadRequestAsync(client, token); await cancel2.CancelAsync(); await Task.Delay(Timeout.Infinite, token); });

        var answer = await Client.For(wire1.Address).SendAsync(Write, cancel1.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.For(wire2.Address).SendAsync(Read, cancel2.Token));

        Assert.Equal((AnswerKind.NoAnswer, "cancelled by the portal"), (answer.Kind, answer.Failure));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Send_does_not_follow_a_redirect_and_keeps_no_cookie(int status)
    {
        await using var server = await CloudServer.StartAsync((context, _) =>
        {
            context.Response.Headers.Location = "/elsewhere";
            context.Response.Headers.SetCookie = "session=1; path=/";
            return context.AnswerAsync(status, "");
        });
        var client = Client.For(server.Address);

        var answer = await client.SendAsync(Write, Token);
        await client.SendAsync(Write, Token);

        Assert.Equal((AnswerKind.Answered, status, false), (answer.Kind, answer.Status, answer.IsSuccess));
        Assert.Equal(2, server.Requests.Count);
        Assert.Empty(server.To("elsewhere"));
        Assert.All(server.Requests, received => Assert.False(received.Headers.ContainsKey("Cookie")));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Read_is_not_repeated_for_a_status_that_a_token_cannot_mend(int status)
    {
        await using var server = await CloudServer.AnsweringAsync(status, """{"error_code":"APIGW.0308","error_msg":"wait"}""");

        await Client.For(server.Address).ReadAsync(Read, Token);

        Assert.Single(server.Requests);
    }

    static CloudCall Call(string which) => which switch { "write" => Write, "delete" => Delete, _ => Read };

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
