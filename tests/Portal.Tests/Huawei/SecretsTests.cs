using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Access;
using Portal.Huawei;

namespace Portal.Tests.Huawei;

/// <summary>Secrets stay out of everything that can be stored, shown or logged.</summary>
public sealed class SecretsTests
{
    const string Password = "pa/ss\"w<ö>rd-canary";
    static readonly MirrorLogin Login = new(new Secret("mirror-user"), new Secret(Password));

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fatal: https://user:secret@github.com/a.git not found", "fatal: https://***@github.com/a.git not found")]
    [InlineData("https://ghp_token@github.com/a.git", "https://***@github.com/a.git")]
    [InlineData("https://user:p@ss@github.com/a.git", "https://***@github.com/a.git")]
    [InlineData("https://user:pa/ss@github.com/a.git", "https://***@github.com/a.git")]
    [InlineData("HTTP://USER:SECRET@host", "HTTP://***@host")]
    [InlineData("ssh://git:secret@host and https://b:secret@host", "ssh://***@host and https://***@host")]
    [InlineData("https://github.com/a@v1.git", "https://github.com/a@v1.git")]
    [InlineData("https://host:8443/a@b", "https://host:8443/a@b")]
    [InlineData("mail to somebody@example.com", "mail to somebody@example.com")]
    [InlineData("POST|/v2/x/|host:h|x-sdk-date:2026|x-security-token:secret+/=|host;x-sdk-date;x-security-token|abc", "POST|/v2/x/|host:h|x-sdk-date:2026|x-security-token:***|host;x-sdk-date;x-security-token|abc")]
    [InlineData("X-Auth-Token: secret value\nnext", "X-Auth-Token: ***\nnext")]
    [InlineData("""{"X-Auth-Token":"secret"}""", """{"X-Auth-Token":"***"}""")]
    [InlineData("Authorization: SDK-HMAC-SHA256 Access=AK, SignedHeaders=a, Signature=secret", "Authorization: ***")]
    [InlineData("password=secret&x=1", "password=***&x=1")]
    [InlineData("""{"password":"secret","name":"x"}""", """{"password":"***","name":"x"}""")]
    [InlineData("""{\"Password\": \"secret\"}""", """{\"Password\": \"***\"}""")]
    [InlineData("fatal: unable to access //robot:secret@host/x.git", "fatal: unable to access //***@host/x.git")]
    [InlineData("scp robot:secret@host:path/file", "scp ***@host:path/file")]
    [InlineData("curl -u robot:secret https://host/", "curl -u robot:*** https://host/")]
    [InlineData("next=https%3A%2F%2Frobot%3Asecret%40host%2Fx", "next=https%3A%2F%2F***%40host%2Fx")]
    [InlineData("GET /x.git?ref=1&token=secret&page=2", "GET /x.git?ref=1&token=***&page=2")]
    [InlineData("PRIVATE-TOKEN: secret", "PRIVATE-TOKEN: ***")]
    [InlineData("access_token=secret api_key=secret passphrase: secret AK=name SK=secret", "access_token=*** api_key=*** passphrase: *** AK=name SK=***")]
    [InlineData("git --password secret; machine host login robot password secret", "git --password *** machine host login robot password ***")]
    [InlineData("used ghp_0123456789abcdefABCDEF and glpat-0123456789abcdef-_", "used *** and ***")]
    [InlineData("the risk=high of the task: ask", "the risk=high of the task: ask")]
    [InlineData("ref token expired at 12:30:01", "ref token expired at 12:30:01")]
    [InlineData("the user name or password is wrong", "the user name or password is wrong")]
    public void Scrub_takes_out_what_looks_like_a_secret_and_nothing_else(string text, string clean) =>
        Assert.Equal(clean, Redaction.Scrub(text));

    [Fact]
    public void Scrub_takes_out_a_token_that_stands_alone()
    {
        var token = "MIIatAYJKoZIhvcNAQcCoIIa" + string.Concat(Enumerable.Repeat("pTCCGqECAQEx+/-", 40));

        Assert.Equal("host|2026|***|abc", Redaction.Scrub($"host|2026|{token}|abc"));
    }

    [Fact]
    public void Scrub_of_hostile_text_ends_quickly_enough_to_be_waited_for()
    {
        foreach (var part in new[] { "https://", "a:", "@", "x-auth-token:", "\\\"", "password=", "MII", "//:", "https://a:b", "%3A%2F%2F", "a:b", "login a password ", "-u ", "ghp_", "x_token" })
            Assert.NotEmpty(Redaction.Scrub(string.Concat(Enumerable.Repeat(part, 20_000))));
    }

    [Fact]
    public void RedactedBody_masks_the_login_at_any_depth_and_leaves_the_call_alone()
    {
        var call = CodeArts.StartMirror("cn-north-4", 7, "e-1", true, Login);

        Assert.Equal("""{"username":"***","password":"***","endpoint_uuid":"e-1","force_fetch":true}""", call.RedactedBody());
        Assert.Equal(
            $$"""{"username":"bWlycm9yLXVzZXI=","password":"{{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Password))}}","endpoint_uuid":"e-1","force_fetch":true}""",
            System.Text.Encoding.UTF8.GetString(call.BodyBytes()));
        var nested = call with { Body = new() { ["a"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["PassWord"] = 1, ["url"] = "https://u:p@h/x" }) } };
        Assert.Equal("""{"a":[{"PassWord":"***","url":"https://***@h/x"}]}""", nested.RedactedBody());
    }

    [Fact]
    public void Printing_or_serializing_anything_shows_no_secret()
    {
        var call = CodeArts.StartMirror("cn-north-4", 7, null, null, Login);
        var options = new HuaweiOptions { AccessKey = "AK", SecretKey = new Secret(Password), SecurityToken = new Secret(Password), Password = new Secret(Password), Account = "a", User = "u" };
        var texts = new List<string>
        {
            Login.ToString(), JsonSerializer.Serialize(Login), call.ToString(), JsonSerializer.Serialize(call with { Method = HttpMethod.Post }),
            options.ToString(), JsonSerializer.Serialize(options), Client.For("http://127.0.0.1:1").CurlOf(call),
        };

        Assert.All(texts, AssertClean);
        Assert.Equal("***", Login.ToString());
        Assert.Equal("{}", JsonSerializer.Serialize(Login));
    }

    [Fact]
    public async Task Send_of_a_login_that_the_cloud_echoes_in_every_dress_keeps_none_of_them()
    {
        var base64 = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Password));
        var echo = $"{Password} {base64} {Uri.EscapeDataString(Password)} {WebUtility.HtmlEncode(Password)}";
        await using var server = await CloudServer.StartAsync((context, received) => received.Target.StartsWith("/iam/", StringComparison.Ordinal)
            ? context.AnswerAsync(200, "{}")
            : received.Target.Contains("/7/", StringComparison.Ordinal)
                ? context.AnswerAsync(400, JsonSerializer.Serialize(new { error_code = "CH.010001", error_msg = echo }))
                : context.AnswerAsync(502, $"<html>{echo}</html>", "text/html"));
        var client = Client.For(server.Address);

        foreach (var id in new[] { 7, 8 })
        {
            var answer = await client.SendAsync(CodeArts.StartMirror("cn-north-4", id, null, null, Login), Token);
            AssertClean(answer.BodyExcerpt);
            AssertClean(answer.ErrorMessage ?? "");
            AssertClean(answer.ToString());
            Assert.Contains("***", answer.BodyExcerpt, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Send_whose_signature_is_refused_does_not_keep_the_security_token_that_comes_back()
    {
        await using var server = await CloudServer.StartAsync((context, received) => context.AnswerAsync(401, JsonSerializer.Serialize(new
        {
            error_code = "APIGW.0301",
            error_msg = $"Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:{received.Method}|{received.Target}||{received.Headers["Host"]}|{received.Headers["X-Security-Token"]}|host;x-security-token|{received.Headers["Authorization"]}",
        })));
        var client = Client.For(server.Address, ("SecurityToken", "temporary-canary"));

        var answer = await client.SendAsync(Swr.ListOrganizations("cn-north-4"), Token);

        Assert.Equal(("APIGW.0301", true), (answer.ErrorCode, answer.CredentialExpired));
        Assert.DoesNotContain("temporary-canary", answer.ErrorMessage + answer.BodyExcerpt, StringComparison.Ordinal);
        Assert.Contains("verify aksk signature fail", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_with_a_one_letter_password_still_keeps_the_clouds_code()
    {
        await using var server = await CloudServer.StartAsync((context, received) => received.Target.StartsWith("/iam/", StringComparison.Ordinal)
            ? context.AnswerAsync(200, "{}")
            : context.AnswerAsync(401, """{"error_code":"DEV.00000003","error_msg":"expired"}"""));

        var answer = await Client.For(server.Address).SendAsync(CodeArts.StartMirror("cn-north-4", 7, null, null, new MirrorLogin(new Secret("git"), new Secret("0"))), Token);

        Assert.Equal(("DEV.00000003", true), (answer.ErrorCode, answer.CredentialExpired));
    }

    [Fact]
    public async Task Send_writes_no_log_of_its_addresses_or_headers()
    {
        await using var server = await CloudServer.AnsweringAsync(401, "{}");
        using var log = new LogLines();
        var services = Client.Collection(server.Address, null);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<CloudClient>().SendAsync(Swr.ListOrganizations("cn-north-4"), Token);
        provider.GetRequiredService<ILoggerFactory>().CreateLogger("control").LogTrace("seen");

        Assert.Equal(["seen"], log.Lines.Where(line => !line.Contains("HttpMessageHandler", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Send_without_credentials_is_not_sent_and_names_the_settings()
    {
        await using var server = await CloudServer.AnsweringAsync(200, "[]");

        var key = await Client.For(server.Address, ("AccessKey", ""), ("SecretKey", "")).SendAsync(Swr.ListOrganizations("cn-north-4"), Token);
        var password = await Client.For(server.Address, ("Authentication", "Password")).SendAsync(Swr.ListOrganizations("cn-north-4"), Token);

        Assert.Equal((AnswerKind.NotSent, "no credentials configured: set Huawei__AccessKey and Huawei__SecretKey"), (key.Kind, key.Failure));
        Assert.Equal((AnswerKind.NotSent, "no credentials configured: set Huawei__Account, Huawei__User and Huawei__Password"), (password.Kind, password.Failure));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void The_clients_handler_validates_certificates_follows_nothing_and_keeps_no_cookie()
    {
        using var services = Client.Services("https://iam.example", null);
        var handler = services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("huawei");
        while (handler is DelegatingHandler outer)
            handler = outer.InnerHandler!;

        var sockets = Assert.IsType<SocketsHttpHandler>(handler);
        Assert.Null(sockets.SslOptions.RemoteCertificateValidationCallback);
        Assert.False(sockets.AllowAutoRedirect);
        Assert.False(sockets.UseCookies);
    }

    static void AssertClean(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(Password);
        string[] dresses = [Password, Convert.ToBase64String(bytes), Uri.EscapeDataString(Password), WebUtility.HtmlEncode(Password), JsonEncodedText.Encode(Password).ToString(), "canary"];
        Assert.All(dresses, dress => Assert.DoesNotContain(dress, text, StringComparison.Ordinal));
    }

    sealed class LogLines : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];
        public ILogger CreateLogger(string categoryName) => this;
        public bool IsEnabled(LogLevel logLevel) => true;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
                Lines.Add(formatter(state, exception));
        }

        void IDisposable.Dispose()
        {
        }
    }
}
