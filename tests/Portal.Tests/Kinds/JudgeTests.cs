using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Kinds.KeepCopying;
using Portal.Kinds.StopCopying;
using Portal.Kinds.SyncMirror;
using Portal.Tests.Support;

namespace Portal.Tests.Kinds;

/// <summary>What an answer proves, as a table.</summary>
public sealed class JudgeTests
{
    static readonly DateTimeOffset SentAt = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    const string Same = """[{"id":5,"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr","syncAuto":true,"override":false}]""";
    const string Different = """[{"id":5,"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr","syncAuto":true,"override":true}]""";
    const string Elsewhere = """[{"id":5,"remoteRegionId":"cn-south-1","remoteNamespace":"team-a-dr","syncAuto":true,"override":false}]""";

    [Theory]
    [InlineData(Same, true, false, true, ProofVerdict.Proved)]
    [InlineData(Same, false, false, true, ProofVerdict.Proved)]
    [InlineData(Same, false, true, true, ProofVerdict.AlreadyThere)]
    [InlineData(Different, true, false, true, ProofVerdict.Disproved)]
    [InlineData(Different, false, true, true, ProofVerdict.Disproved)]
    [InlineData(Elsewhere, true, false, true, ProofVerdict.NotBegun)]
    [InlineData("[]", true, false, true, ProofVerdict.NotBegun)]
    [InlineData("[]", false, false, true, ProofVerdict.NotBegun)]
    [InlineData("[]", true, false, false, ProofVerdict.CannotBeRead)]
    [InlineData("[]", false, false, false, ProofVerdict.NotYet)]
    [InlineData("[]", false, true, true, ProofVerdict.Disproved)]
    [InlineData("[]", false, true, false, ProofVerdict.Disproved)]
    [InlineData("{}", true, false, false, ProofVerdict.NotYet)]
    [InlineData("[{}]", true, false, false, ProofVerdict.NotYet)]
    public void List_of_rules_proves_what_it_shows(string list, bool accepted, bool conflicted, bool syncAuto, ProofVerdict expected)
    {
        var kind = Kind<KeepCopyingKind>();
        var payload = kind.Read(Given.Rule(syncAuto: syncAuto).Payload).Payload!;

        var proof = kind.Judge(payload, "", [Read(list), Read("""{"name":"team-a-dr"}""")], new Sending(SentAt, null, accepted, conflicted));

        Assert.Equal(expected, proof.Verdict);
    }

    [Fact]
    public void Listed_rule_whose_target_organization_is_missing_is_disproved() => Assert.Equal(
        ProofVerdict.Disproved,
        Kind<KeepCopyingKind>().Judge(Given.Rule().Payload, "", [Read(Same), Missing("SVCSTG.SWR.4041061")], new Sending(SentAt, null, true, false)).Verdict);

    [Theory]
    [InlineData(Same, true, true, false, ProofVerdict.NotYet)]
    [InlineData(Same, true, false, false, ProofVerdict.NotBegun)]
    [InlineData(Elsewhere, true, true, false, ProofVerdict.Proved)]
    [InlineData(Elsewhere, true, false, false, ProofVerdict.Proved)]
    [InlineData(Elsewhere, true, false, true, ProofVerdict.AlreadyThere)]
    [InlineData("[]", false, false, true, ProofVerdict.AlreadyThere)]
    [InlineData("[]", false, true, false, ProofVerdict.CannotBeRead)]
    [InlineData("[]", false, false, false, ProofVerdict.NotBegun)]
    [InlineData("[]", null, true, false, ProofVerdict.CannotBeRead)]
    [InlineData("{}", true, true, false, ProofVerdict.NotYet)]
    public void Rule_to_delete_is_compared_with_what_was_listed_before(string list, bool? listedBefore, bool accepted, bool saidGone, ProofVerdict expected)
    {
        var kind = Kind<StopCopyingKind>();
        var before = listedBefore is { } was ? kind.ReadyFrom(Given.StopRule().Payload, "", [Read(was ? Same : "[]")]).Baseline : null;

        Assert.Equal(expected, kind.Judge(Given.StopRule().Payload, "", [Read(list)], new Sending(SentAt, before, accepted, saidGone)).Verdict);
    }

    [Fact]
    public void Rule_of_a_repository_that_is_gone_is_gone_too()
    {
        var kind = Kind<StopCopyingKind>();
        var before = kind.ReadyFrom(Given.StopRule().Payload, "", [Read(Same)]).Baseline;

        Assert.Equal(
            ProofVerdict.Proved,
            kind.Judge(Given.StopRule().Payload, "", [Missing("SVCSTG.SWR.4040010")], new Sending(SentAt, before, true, false)).Verdict);
    }

    [Theory]
    [InlineData("2026-03-01T11:00:00Z", 2, "2026-03-01T11:00:00Z", 2, ProofVerdict.NotBegun)]
    [InlineData("2026-03-01T11:00:00Z", 2, "2026-03-01T12:00:05Z", 0, ProofVerdict.Proved)]
    [InlineData("2026-03-01T11:00:00Z", 2, "2026-03-01T11:59:30Z", 0, ProofVerdict.Proved)]
    [InlineData("2026-03-01T11:00:00Z", 2, "2026-03-01T11:58:00Z", 0, ProofVerdict.NotBegun)]
    [InlineData(null, 0, "2026-03-01T12:00:05Z", 0, ProofVerdict.Proved)]
    [InlineData(null, 0, null, 0, ProofVerdict.NotBegun)]
    [InlineData("2026-03-01T11:00:00Z", 2, "2026-03-01T11:00:00Z", 3, ProofVerdict.Disproved)]
    [InlineData("2026-03-01T11:59:50Z", 0, "2026-03-01T11:59:50Z", 0, ProofVerdict.NotBegun)]
    public void State_of_the_mirror_is_compared_with_what_it_was_before(
        string? successBefore, int failuresBefore, string? successNow, int failuresNow, ProofVerdict expected)
    {
        var kind = Kind<SyncMirrorKind>();
        var baseline = kind.ReadyFrom(Given.Mirror().Payload, "", [Mirror(successBefore, failuresBefore)]).Baseline;

        var proof = kind.Judge(Given.Mirror().Payload, "", [Mirror(successNow, failuresNow)], new Sending(SentAt, baseline, true, false));

        Assert.Equal(expected, proof.Verdict);
    }

    [Theory]
    [InlineData("2026-03-01T12:00:00Z", 0, ProofVerdict.Proved)]
    [InlineData("2026-03-01T11:59:59Z", 0, ProofVerdict.NotYet)]
    [InlineData("2026-03-01T11:00:00Z", 9, ProofVerdict.NotYet)]
    public void Without_a_look_before_only_a_success_after_the_send_proves(string success, int failures, ProofVerdict expected) => Assert.Equal(
        expected, Kind<SyncMirrorKind>().Judge(Given.Mirror().Payload, "", [Mirror(success, failures)], new Sending(SentAt, null, true, false)).Verdict);

    [Fact]
    public void Answer_that_says_nothing_proves_nothing()
    {
        foreach (var answer in new[] { Answer.NotSent("x"), Read("{}") with { Status = 500 }, Read("{}") with { Unreadable = true } })
        {
            Assert.Equal(ProofVerdict.NotYet, Kind<SyncMirrorKind>().Judge(Given.Mirror().Payload, "", [answer], new Sending(SentAt, null, true, false)).Verdict);
            Assert.Equal(ProofVerdict.NotYet, Kind<KeepCopyingKind>().Judge(Given.Rule().Payload, "", [answer], new Sending(SentAt, null, true, false)).Verdict);
        }
    }

    static Answer Mirror(string? success, int failures) =>
        Read(new JsonObject { ["id"] = 1, ["last_successful_update_at"] = success, ["number_of_failures"] = failures }.ToJsonString());

    static Answer Missing(string code) => new() { Kind = AnswerKind.Answered, Status = 404, ErrorCode = code };

    static Answer Read(string json) => new() { Kind = AnswerKind.Answered, Status = 200, Json = JsonNode.Parse(json), BodyExcerpt = json };

    static T Kind<T>() where T : class, IKind
    {
        var options = Options.Create(new HuaweiOptions { Regions = ["cn-north-4", "cn-east-3"] });
        using var services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        var cloud = new CloudClient(services.GetRequiredService<IHttpClientFactory>(), options, new CredentialSource(options, NullLogger<CredentialSource>.Instance), TimeProvider.System);
        return (T)Activator.CreateInstance(typeof(T), cloud, options)!;
    }
}
