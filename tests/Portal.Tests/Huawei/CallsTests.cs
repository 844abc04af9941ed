using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Access;
using Portal.Huawei;

namespace Portal.Tests.Huawei;

/// <summary>The calls as they are built and the answers as they are read.</summary>
public sealed class CallsTests
{
    static readonly SyncTarget Target = new("cn-east-3", "team-a-dr");

    public static TheoryData<string, string, string, CloudCall> Built => new()
    {
        { "POST", "/v2/manage/namespaces/team-a/repos/a$b$c/sync_repo", """{"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr","syncAuto":false,"override":true}""", Swr.CreateRule("cn-north-4", "team-a", "a/b/c", Target, false, true) },
        { "GET", "/v2/manage/namespaces/team-a/repos/busybox/sync_repo", "", Swr.ListRules("cn-north-4", "team-a", "busybox") },
        { "DELETE", "/v2/manage/namespaces/team-a/repos/busybox/sync_repo", """{"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr"}""", Swr.DeleteRule("cn-north-4", "team-a", "busybox", Target) },
        { "GET", "/v2/manage/namespaces/team-a", "", Swr.ShowOrganization("cn-north-4", "team-a") },
        { "GET", "/v2/manage/namespaces", "", Swr.ListOrganizations("cn-north-4") },
        { "GET", "/v2/manage/namespaces/team-a/repos/a$b", "", Swr.ShowRepository("cn-north-4", "team-a", "a/b") },
        { "GET", "/v2/manage/repos?namespace=team-a&limit=50&offset=100", "", Swr.ListRepositories("cn-north-4", "team-a", 50, 100) },
        { "GET", "/v2/manage/namespaces/team-a/repos/a$b/tags?limit=50&offset=100", "", Swr.ListTags("cn-north-4", "team-a", "a/b", 50, 100) },
        { "GET", "/v2/manage/namespaces/team-a/repos/a$b/tags?tag=v1.0&limit=100&offset=0", "", Swr.ShowTag("cn-north-4", "team-a", "a/b", "v1.0") },
        { "POST", "/v2/manage/namespaces/team-a/repos/a$b/sync_images", """{"imageTag":["v1","v2"],"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr","override":true}""", Swr.CopyTags("cn-north-4", "team-a", "a/b", ["v1", "v2"], Target, true) },
        { "GET", "/v2/manage/namespaces/team-a/repos/a$b/sync_job?filter=limit%3A%3A100%7Coffset%3A%3A0%7Corder%3A%3Adesc", "", Swr.ListJobs("cn-north-4", "team-a", "a/b", 100, 0) },
        { "POST", "/v4/repositories/2111733/remote-mirror", "{}", CodeArts.StartMirror("cn-north-4", 2111733, null, null, null) },
        { "POST", "/v4/repositories/2111733/remote-mirror", """{"endpoint_uuid":"e-1","force_fetch":false}""", CodeArts.StartMirror("cn-north-4", 2111733, "e-1", false, null) },
        { "GET", "/v4/repositories/2111733/remote-mirror", "", CodeArts.ShowMirror("cn-north-4", 2111733) },
        { "GET", "/v4/repositories/2111733", "", CodeArts.ShowRepository("cn-north-4", 2111733) },
        { "GET", "/v4/user/repositories?offset=0&limit=20&search=a%26b%20%2F", "", CodeArts.ListRepositories("cn-north-4", 20, 0, "a&b /") },
        // Names that should never get here stay in their segment all the same.
        { "GET", "/v2/manage/namespaces/a%2Fb/repos/%3Fx%23%25$y%20%C3%A9", "", Swr.ShowRepository("cn-north-4", "a/b", "?x#%/y é") },
    };

    [Theory]
    [MemberData(nameof(Built), DisableDiscoveryEnumeration = true)]
    public void A_call_has_the_documented_method_address_and_body(string method, string target, string body, CloudCall call)
    {
        var url = new HuaweiEndpoints { Swr = "http://127.0.0.1:6201", CodeArtsRepo = "http://127.0.0.1:6201" }.UrlOf(call);

        Assert.Equal((method, target, body), (call.Method.Method, url.PathAndQuery, Encoding.UTF8.GetString(call.BodyBytes())));
        Assert.Equal(body, call.RedactedBody());
    }

    [Theory]
    [InlineData("", "busybox")]
    [InlineData("..", "busybox")]
    [InlineData(".", "busybox")]
    [InlineData("team-a", "..")]
    [InlineData("team-a", "")]
    public void A_name_that_would_change_the_path_is_refused(string organization, string repository) =>
        Assert.Throws<ArgumentException>(() => Swr.ListRules("cn-north-4", organization, repository));

    [Theory]
    [InlineData("no-slash")]
    [InlineData("/a?b=c")]
    [InlineData("/a#b")]
    public void UrlOf_refuses_a_path_that_is_more_than_a_path(string path) =>
        Assert.Throws<ArgumentException>(() => new HuaweiEndpoints().UrlOf(Swr.ListOrganizations("cn-north-4") with { Path = path }));

    [Fact]
    public void BodyBytes_escapes_as_little_as_json_allows() =>
        Assert.Equal(
            """{"a":"组织 <&+'> \"\\ \u0000"}""",
            Encoding.UTF8.GetString((Swr.ListOrganizations("cn-north-4") with { Body = new JsonObject { ["a"] = "组织 <&+'> \"\\ \0" } }).BodyBytes()));

    [Fact]
    public async Task CurlOf_survives_a_real_shell()
    {
        const string Nasty = """it's $HOME `id` "x" \ ! * 组织""";
        var call = CodeArts.StartMirror("cn-north-4", 7, Nasty, true, new MirrorLogin(new Secret("u"), new Secret("canary"))) with { Query = [new("q", Nasty)] };
        var client = Client.For("http://127.0.0.1:6201");
        // Instead of curl, a function that prints its arguments, one a line.
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "curl() { printf '%s\\n' \"$@\"; }\nHUAWEI_TOKEN=from-the-environment\n" + client.CurlOf(call) },
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;

        var arguments = (await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd('\n').Split('\n');

        Assert.Equal(
            [
                "--globoff", "--request", "POST", client.UrlOf(call).AbsoluteUri, "--header", "X-Auth-Token: from-the-environment",
                "--header", "Content-Type: application/json", "--data-raw", call.RedactedBody(),
            ],
            arguments);
        Assert.DoesNotContain("canary", client.CurlOf(call), StringComparison.Ordinal);
        Assert.DoesNotContain("Y2FuYXJ5", client.CurlOf(call), StringComparison.Ordinal);
    }

    [Fact]
    public void CurlOf_a_read_sends_no_data() =>
        Assert.Equal(
            """
            curl --globoff --request GET 'https://swr-api.cn-north-4.myhuaweicloud.com/v2/manage/namespaces/team-a/repos/a$b/sync_repo' \
              --header "X-Auth-Token: $HUAWEI_TOKEN" \
              --header 'Content-Type: application/json'
            """,
            Client.For("http://127.0.0.1:1", ("Endpoints:Swr", "https://swr-api.{region}.myhuaweicloud.com")).CurlOf(Swr.ListRules("cn-north-4", "team-a", "a/b")));

    [Fact]
    public void ReadJobs_reads_what_the_documentation_shows()
    {
        var job = Assert.Single(Swr.ReadJobs(Ok("""
            [{"id":172928,"namespace":"team-a","repoName":"a/b","tag":"v1","remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr","override":false,
              "status":"success","syncOperatorId":"u1","syncOperatorName":"robot","createdAt":"2026-04-17T02:11:03.53183Z","updatedAt":""}]
            """))!);

        Assert.Equal(
            new SyncJob(172928, "v1", Target, false, "success", "u1", "robot", DateTimeOffset.Parse("2026-04-17T02:11:03.53183Z", System.Globalization.CultureInfo.InvariantCulture), null),
            job);
        Assert.Null(Swr.ReadJobs(Ok("""[{"id":1,"tag":"v1"}]""")));
    }

    [Fact]
    public void ReadRules_reads_what_the_documentation_shows()
    {
        var rules = Swr.ReadRules(Ok("""
            [{"id":101,"namespace":"team-a","repoName":"backend/order-api","remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr",
              "syncAuto":true,"override":false,"domainID":"d","domainName":"n","createdAt":"2020-04-17T02:11:03.53183Z","updatedAt":"2020-04-17T02:11:03Z"},
             {"remoteRegionId":"cn-east-2","remoteNamespace":"x","id":null,"syncAuto":null,"createdAt":12}]
            """));

        Assert.Equal(
            [
                new SyncRule(101, "team-a", "backend/order-api", Target, true, false,
                    new DateTimeOffset(2020, 4, 17, 2, 11, 3, TimeSpan.Zero).AddTicks(5318300), new DateTimeOffset(2020, 4, 17, 2, 11, 3, TimeSpan.Zero)),
                new SyncRule(null, null, null, new SyncTarget("cn-east-2", "x"), null, null, null, null),
            ],
            rules);
        Assert.Empty(Swr.ReadRules(Ok("[]"))!);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("[[]]")]
    [InlineData("""["text"]""")]
    [InlineData("""[{"remoteRegionId":"cn-east-3"}]""")]
    [InlineData("""[{"remoteRegionId":"cn-east-3","remoteNamespace":{}}]""")]
    public void ReadRules_of_anything_else_is_unreadable_and_not_empty(string body) => Assert.Null(Swr.ReadRules(Ok(body)));

    [Fact]
    public void Readers_of_an_answer_that_is_no_success_read_nothing()
    {
        foreach (var answer in new[] { Ok("[]") with { Kind = AnswerKind.NoAnswer }, Ok("[]") with { Status = 404 }, Ok("[]") with { Unreadable = true }, Answer.NotSent("x") })
        {
            Assert.Null(Swr.ReadRules(answer));
            Assert.Null(Swr.ReadRepositories(answer));
            Assert.Null(Swr.ReadTags(answer));
            Assert.Null(CodeArts.ReadRepositories(answer));
            Assert.Null(CodeArts.ReadMirror(answer));
            Assert.Null(CodeArts.ReadJid(answer));
        }
    }

    [Fact]
    public void Readers_of_lists_take_the_fields_that_pickers_show()
    {
        Assert.Equal([new Organization("team-a", 1, 7, "li")], Swr.ReadOrganizations(Ok("""{"namespaces":[{"id":1,"name":"team-a","creator_name":"li","auth":7}]}""")));
        Assert.Equal(new Organization("team-a", 1, null, null), Swr.ReadOrganization(Ok("""{"id":1,"name":"team-a"}""")));
        Assert.Equal(
            [new ImageRepository("backend/order-api", "team-a", 3, 5000000000, false, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))],
            Swr.ReadRepositories(Ok("""[{"name":"backend/order-api","namespace":"team-a","num_images":3,"size":5000000000,"is_public":false,"updated_at":"2026-01-02T03:04:05Z","tags":["a"]}]""")));
        Assert.Equal([new ImageTag("1.0", "sha256:ab", 7, null)], Swr.ReadTags(Ok("""[{"Tag":"1.0","digest":"sha256:ab","size":7,"updated":"","deleted":null}]""")));
        Assert.Equal(
            [new GitRepository(7, "shop", "acme / shop", "Store", "https://***@codehub.example/shop.git", false, new DateTimeOffset(2020, 7, 22, 10, 45, 56, TimeSpan.Zero))],
            CodeArts.ReadRepositories(Ok("""[{"id":7,"name":"shop","name_with_namespace":"acme / shop","project_name":"Store","http_url_to_repo":"https://u:p@codehub.example/shop.git","archived":false,"last_activity_at":"2020-07-22 10:45:56"}]""")));
        Assert.Null(CodeArts.ReadRepositories(Ok("""[{"id":0,"name":"x"}]""")));
        Assert.Null(CodeArts.ReadRepositories(Ok("""[{"id":2147483648,"name":"x"}]""")));
    }

    [Fact]
    public void ReadMirror_accepts_both_forms_of_time_unknown_words_and_hides_credentials()
    {
        var mirror = CodeArts.ReadMirror(Ok("""
            {"id":5,"repository_id":2111733,"update_status":"teleported","last_update_at":"2026-09-01 08:09:10","last_successful_update_at":"2026-09-01T16:09:10.5+08:00",
             "number_of_failures":2,"last_error":"fatal: unable to access 'https://user:pass@git.example/a.git'","url":"https://user:pass@git.example/a.git",
             "mirroring_enabled":true,"is_private":false,"endpoint_uuid":null}
            """));

        Assert.Equal(
            new MirrorState(5, 2111733, "teleported", new DateTimeOffset(2026, 9, 1, 8, 9, 10, TimeSpan.Zero),
                new DateTimeOffset(2026, 9, 1, 8, 9, 10, 500, TimeSpan.Zero), 2, "fatal: unable to access 'https://***@git.example/a.git'",
                "https://***@git.example/a.git", true, false, null),
            mirror);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"id":null,"update_status":null,"last_update_at":null,"number_of_failures":null,"url":null,"mirroring_enabled":null}""")]
    [InlineData("""{"id":"x","update_status":{},"last_update_at":"yesterday","last_successful_update_at":"12:30","number_of_failures":"many","mirroring_enabled":"perhaps"}""")]
    [InlineData("""{"id":1.5,"last_update_at":1756000000,"number_of_failures":-3}""")]
    public void ReadMirror_of_missing_or_odd_fields_leaves_them_out(string body) =>
        Assert.Equal(new MirrorState(null, null, null, null, null, 0, null, null, null, null, null), CodeArts.ReadMirror(Ok(body)));

    [Theory]
    [InlineData("""{"jid":"b4bb9a8e-2a3c-4a57-9d0e-0d6f4c1c7a11"}""", "b4bb9a8e-2a3c-4a57-9d0e-0d6f4c1c7a11")]
    [InlineData("""{"jid":17}""", "17")]
    [InlineData("""{"jid":null}""", null)]
    [InlineData("""{"jid":""}""", null)]
    [InlineData("""{"jid":{"a":1}}""", null)]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    public void ReadJid_takes_it_as_opaque_text(string body, string? jid) => Assert.Equal(jid, CodeArts.ReadJid(Ok(body)));

    [Theory]
    [InlineData(400, "X.1", "Duplicate sync repo", true)]
    [InlineData(500, null, "duplicate sync repo exists", true)]
    [InlineData(409, "X.1", "conflict", true)]
    [InlineData(409, "SVCSTG.SWR.4090023", "system busy", false)]
    [InlineData(400, "SVCSTG.SWR.4000014", "bad parameter", false)]
    [InlineData(200, null, "duplicate sync repo", false)]
    public void SaysDuplicateRule_goes_by_the_text_or_a_conflict(int status, string? code, string message, bool duplicate) =>
        Assert.Equal(duplicate, Swr.SaysDuplicateRule(new Answer { Kind = AnswerKind.Answered, Status = status, ErrorCode = code, ErrorMessage = message }));

    [Theory]
    [InlineData(400, "SVCSTG.SWR.4001158", true)]
    [InlineData(404, "SVCSTG.SWR.4040010", true)]
    [InlineData(404, "APIGW.0101", false)]
    [InlineData(404, null, false)]
    [InlineData(400, "SVCSTG.SWR.4000014", false)]
    public void SaysRuleMissing_goes_by_the_services_own_code(int status, string? code, bool missing) =>
        Assert.Equal(missing, Swr.SaysRuleMissing(new Answer { Kind = AnswerKind.Answered, Status = status, ErrorCode = code }));

    static Answer Ok(string body) => new() { Kind = AnswerKind.Answered, Status = 200, Json = JsonNode.Parse(body) };
}
