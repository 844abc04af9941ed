using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.Huawei;

namespace Portal.Tests.Huawei;

/// <summary>What an <see cref="Answer"/> makes of the bodies and headers that services and things in between send.</summary>
public sealed class AnswerTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""[{"errorCode":"SVCSTG.SWR.4001048","errorMessage":"no token","detail":""}]""", "SVCSTG.SWR.4001048", "no token")]
    [InlineData("""{"errors":[{"errorCode":"SVCSTG.SWR.4001158","errorMessage":"rule missing"}]}""", "SVCSTG.SWR.4001158", "rule missing")]
    [InlineData("""{"errorCode":"SVCSTG.SWR.4001090","errorMessage":"sharing missing","detail":"domain x"}""", "SVCSTG.SWR.4001090", "sharing missing (domain x)")]
    [InlineData("""{"error_msg":"verify aksk signature fail","error_code":"APIGW.0301","request_id":"7a"}""", "APIGW.0301", "verify aksk signature fail")]
    [InlineData("""{"error_code":"PAP5.0001","error_msg":"denied","encoded_authorization_message":"x"}""", "PAP5.0001", "denied")]
    [InlineData("""{"error_code":"CH.004403","error_msg":"Insufficient permissions."}""", "CH.004403", "Insufficient permissions.")]
    [InlineData("""{"error":{"code":"DEV.CH.10001","message":"generic"},"status":"failed"}""", "DEV.CH.10001", "generic")]
    [InlineData("""{"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}}""", "401", "The username or password is wrong.")]
    [InlineData("""{"error":"invalid_request"}""", null, "invalid_request")]
    [InlineData("""{"errors":[[{"error":{"code":"DEEP.1","message":"nested"}}]]}""", "DEEP.1", "nested")]
    [InlineData("""{"code":4,"message":17}""", "4", "17")]
    [InlineData("""{"errorCode":null,"error_code":"B.2","message":null}""", "B.2", null)]
    [InlineData("""{"errorCode":{"a":1},"errorMessage":["x"]}""", null, null)]
    [InlineData("""{"errors":[]}""", null, null)]
    [InlineData("""{"errors":null,"error":null}""", null, null)]
    [InlineData("""{"errors":[null]}""", null, null)]
    [InlineData("""["tag-1"]""", null, "tag-1")]
    [InlineData("[]", null, null)]
    [InlineData("{}", null, null)]
    [InlineData("null", null, null)]
    [InlineData("", null, null)]
    [InlineData("17", null, "17")]
    [InlineData("\"just words\"", null, "just words")]
    [InlineData("[[[[[[[[[[{\"code\":\"TOO.DEEP\"}]]]]]]]]]]", null, null)]
    public async Task Send_reads_the_code_and_the_message_of_every_shape(string body, string? code, string? message)
    {
        var answer = await AskAsync(400, body);

        Assert.Equal((AnswerKind.Answered, 400, code, message), (answer.Kind, answer.Status, answer.ErrorCode, answer.ErrorMessage));
        Assert.False(answer.IsSuccess);
        Assert.False(answer.Unreadable);
    }

    [Theory]
    [InlineData(200, "application/json", "{", true)]
    [InlineData(200, "application/json", """{"jid":"a","jid":"b"}""", true)]
    [InlineData(200, "application/json", """{"jid":"\ud800"}""", true)]
    [InlineData(200, "application/json", """{"jid":"a"} trailing""", true)]
    [InlineData(200, "text/html", "<html>It works</html>", true)]
    [InlineData(200, "text/html", """{"jid":"a"}""", true)]
    [InlineData(200, "application/xml", """{"jid":"a"}""", true)]
    [InlineData(200, "text/plain", "OK", true)]
    [InlineData(502, "text/html", "<html><h1>502 Bad Gateway</h1></html>", true)]
    [InlineData(200, "text/plain; charset=utf-8", """{"jid":"a"}""", false)]
    [InlineData(200, "application/json;charset=UTF-8", """{"jid":"a"}""", false)]
    [InlineData(200, "application/problem+json", """{"jid":"a"}""", false)]
    [InlineData(200, "", """{"jid":"a"}""", false)]
    [InlineData(200, "application/json", "\ufeff{\"jid\":\"a\"}", false)]
    [InlineData(200, "text/html", "", false)]
    [InlineData(204, "", "", false)]
    public async Task Send_says_whether_the_body_could_be_read(int status, string type, string body, bool unreadable)
    {
        var answer = await AskAsync(status, body, type);

        Assert.Equal((AnswerKind.Answered, status, unreadable), (answer.Kind, answer.Status, answer.Unreadable));
        Assert.Equal(!unreadable, answer.IsSuccess);
        Assert.Equal(unreadable || body.Length == 0 ? null : "a", CodeArts.ReadJid(answer));
    }

    [Fact]
    public async Task Send_of_ten_megabytes_is_unreadable_and_keeps_an_excerpt()
    {
        await using var server = await CloudServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            var part = Encoding.UTF8.GetBytes(new string(' ', 64 * 1024));
            await context.Response.Body.WriteAsync("[\"first\""u8.ToArray());
            // The client hangs up half-way; that is its right.
            for (var sent = 0; sent < 160 && !context.RequestAborted.IsCancellationRequested; sent++)
                await context.Response.Body.WriteAsync(part, CancellationToken.None);
        });

        var answer = await Client.For(server.Address).SendAsync(Swr.ListOrganizations("cn-north-4"), Token);

        Assert.Equal((AnswerKind.Answered, 200, true, false), (answer.Kind, answer.Status, answer.Unreadable, answer.IsSuccess));
        Assert.StartsWith("[\"first\"", answer.BodyExcerpt, StringComparison.Ordinal);
        Assert.Equal(Answer.ExcerptLength, answer.BodyExcerpt.Length);
        Assert.Null(answer.Json);
    }

    [Theory]
    [InlineData("""{"error":{"code":"DEV.CH.10001","message":"generic"},"status":"failed"}""", "DEV.CH.10001")]
    [InlineData("""{"error_code":"CH.000001","error_msg":"internal"}""", "CH.000001")]
    [InlineData("""{"errors":[{"errorMessage":"only words"}]}""", "failed")]
    public async Task Send_of_a_200_whose_body_reports_an_error_is_no_success(string body, string code)
    {
        var answer = await AskAsync(200, body);

        Assert.Equal((200, code, false, false), (answer.Status, answer.ErrorCode, answer.IsSuccess, answer.Unreadable));
    }

    [Theory]
    [InlineData("""{"error":null,"status":1,"code":"default_branch","message":"first commit"}""")]
    [InlineData("[]")]
    [InlineData("""[{"code":"x","message":"a repository may be called so"}]""")]
    public async Task Send_of_an_ordinary_200_finds_no_error_in_it(string body)
    {
        var answer = await AskAsync(200, body);

        Assert.True(answer.IsSuccess);
        Assert.Null(answer.ErrorMessage);
    }

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("7", 7.0)]
    [InlineData("-5", 0.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("99999", 300.0)]
    [InlineData("999999999999999999999999", 300.0)]
    [InlineData("Tue, 01 Sep 2026 08:01:00 GMT", 60.0)]
    [InlineData("Tue, 01 Sep 2026 07:00:00 GMT", 0.0)]
    [InlineData("Wed, 02 Sep 2026 08:00:00 GMT", 300.0)]
    [InlineData("soon", null)]
    [InlineData("NaN", null)]
    public async Task Send_reads_how_long_to_wait(string header, double? seconds)
    {
        await using var server = await CloudServer.StartAsync((context, _) =>
        {
            context.Response.Headers.RetryAfter = header;
            return context.AnswerAsync(429, """{"error_code":"APIGW.0308","error_msg":"throttled"}""");
        });
        await using var services = Client.Services(server.Address, new HandClock(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero)));

        var answer = await ((CloudClient)services.GetService(typeof(CloudClient))!).SendAsync(Swr.ListOrganizations("cn-north-4"), Token);

        Assert.Equal(seconds, answer.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task Send_keeps_the_clouds_own_ids_and_the_range()
    {
        await using var server = await CloudServer.StartAsync((context, received) =>
        {
            if (!received.Target.Contains("offset=100", StringComparison.Ordinal))
                context.Response.Headers["X-Request-Id"] = "header-id";
            context.Response.Headers["X-IAM-Trace-Id"] = "trace-id";
            context.Response.Headers.ContentRange = "0-2/35";
            return context.AnswerAsync(404, """{"error_code":"APIGW.0101","error_msg":"API not found","request_id":"body-id"}""");
        });
        var client = Client.For(server.Address);

        var first = await client.SendAsync(Swr.ListRepositories("cn-north-4", "team-a", 100, 0), Token);
        var second = await client.SendAsync(Swr.ListRepositories("cn-north-4", "team-a", 100, 100), Token);

        Assert.Equal(("header-id", "trace-id", "0-2/35", 35), (first.RequestId, first.TraceId, first.ContentRange, Swr.ReadTotal(first)));
        Assert.Equal("body-id", second.RequestId);
        Assert.Equal("/swr/cn-north-4/v2/manage/repos?namespace=team-a&limit=100&offset=100", server.Requests[1].Target);
    }

    [Theory]
    [InlineData("swr", 401, "SVCSTG.SWR.4010000", true)]
    [InlineData("swr", 401, "APIGW.0301", true)]
    [InlineData("swr", 401, "APIGW.0307", true)]
    [InlineData("swr", 401, "SVCSTG.SWR.4011044", false)]
    [InlineData("swr", 403, "APIGW.0302", false)]
    [InlineData("codearts", 401, "DEV.00000001", true)]
    [InlineData("codearts", 401, "DEV.00000002", true)]
    [InlineData("codearts", 401, "DEV.00000003", true)]
    [InlineData("codearts", 401, "CH.080401", false)]
    [InlineData("codearts", 401, "", true)]
    [InlineData("codearts", 400, "DEV.00000003", false)]
    public async Task Send_knows_a_refused_credential_from_a_missing_right(string service, int status, string code, bool expired)
    {
        var call = service == "swr" ? Swr.ListOrganizations("cn-north-4") : CodeArts.ShowMirror("cn-north-4", 1);

        var answer = await AskAsync(status, $$"""{"error_code":"{{code}}","error_msg":"x"}""", call: call);

        Assert.Equal(expired, answer.CredentialExpired);
    }

    [Fact]
    public async Task Send_makes_texts_fit_for_the_database()
    {
        var answer = await AskAsync(400, """{"error_code":"A.\u0000","error_msg":"a\u0000b\u001b[31m"}""" + new string(' ', 3000));

        Assert.Equal(("A.\ufffd", "a\ufffdb\ufffd[31m"), (answer.ErrorCode, answer.ErrorMessage));
        Assert.True(answer.BodyExcerpt.Length <= Answer.ExcerptLength);
        var raw = await AskAsync(502, "\0\u0001" + string.Concat(Enumerable.Repeat("😀", 2000)), "text/html");
        Assert.DoesNotContain('\0', raw.BodyExcerpt);
        // Strict UTF-8, as PostgreSQL wants it: half a character at the cut would throw.
        Assert.Equal(raw.BodyExcerpt, Encoding.UTF8.GetString(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(raw.BodyExcerpt)));
    }

    [Fact]
    public void ToString_of_an_answer_shows_neither_body_nor_json()
    {
        var answer = new Answer { Kind = AnswerKind.Answered, Status = 404, ErrorCode = "CH.004404", BodyExcerpt = "excerpt" };

        Assert.Equal("Answered 404 CH.004404", answer.ToString());
    }

    [Fact]
    public async Task Send_measures_its_time_with_the_clock_it_was_given()
    {
        var answer = await AskAsync(200, "{}");

        Assert.True(answer.Duration > TimeSpan.Zero, answer.Duration.ToString("c", CultureInfo.InvariantCulture));
    }

    static async Task<Answer> AskAsync(int status, string body, string contentType = "application/json", CloudCall? call = null)
    {
        await using var server = await CloudServer.StartAsync((context, received) =>
            status == 204 ? NoContentAsync(context) : received.Target.StartsWith("/iam/", StringComparison.Ordinal)
                ? context.AnswerAsync(200, """{"projects":[]}""") : context.AnswerAsync(status, body, contentType));
        return await Client.For(server.Address).SendAsync(call ?? Swr.ListOrganizations("cn-north-4"), Token);
    }

    static Task NoContentAsync(HttpContext context)
    {
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }
}
