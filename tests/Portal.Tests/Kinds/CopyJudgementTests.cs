using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Kinds.CopyTags;
using Portal.Tests.Support;

namespace Portal.Tests.Kinds;

/// <summary>What the list of copies and the two tags prove, as a table.</summary>
public sealed class CopyJudgementTests
{
    const string Frozen = "sha256:wanted";
    const string Other = "sha256:other";
    static readonly DateTimeOffset SentAt = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("success", Frozen, true, ProofVerdict.Proved, "Proof.TagCopied")]
    [InlineData("success", Frozen, false, ProofVerdict.Proved, "Proof.TagCopied")]
    [InlineData("success", null, true, ProofVerdict.NotYet, "Proof.CopyNotVisible")]
    [InlineData("success", Other, true, ProofVerdict.NotYet, "Proof.CopyNotVisible")]
    [InlineData("existed", Frozen, true, ProofVerdict.AlreadyThere, "Proof.TagWasThere")]
    [InlineData("existed", Other, true, ProofVerdict.Disproved, "Proof.TagNotReplaced")]
    [InlineData("existed", null, true, ProofVerdict.NotYet, "Proof.CopyNotVisible")]
    [InlineData("failed", null, true, ProofVerdict.Disproved, "Proof.CopyFailed")]
    [InlineData("timeout", Other, false, ProofVerdict.Disproved, "Proof.CopyFailed")]
    [InlineData("cancel", null, true, ProofVerdict.Disproved, "Proof.CopyFailed")]
    [InlineData("waiting", null, true, ProofVerdict.NotYet, "Proof.CopyRunning")]
    [InlineData("running", Frozen, true, ProofVerdict.NotYet, "Proof.CopyRunning")]
    [InlineData("no-such-word", Frozen, true, ProofVerdict.NotYet, "Proof.CopyRunning")]
    [InlineData(null, Frozen, true, ProofVerdict.Proved, "Proof.TagThereWithoutJob")]
    [InlineData(null, null, true, ProofVerdict.NotYet, "Proof.CopyNotListed")]
    [InlineData(null, null, false, ProofVerdict.NotBegun, "Proof.CopyNotListed")]
    public void Job_and_digest_together_decide(string? status, string? digestThere, bool accepted, ProofVerdict verdict, string word)
    {
        var proof = Judge(status is null ? "[]" : $"[{Job(7, status)}]", digestThere, Before(null, 5), accepted);

        Assert.Equal((verdict, word), (proof.Verdict, proof.WordKey));
        Assert.Equal(status, proof.Evidence["status"]?.GetValue<string>());
    }

    [Fact]
    public void Target_that_held_the_same_before_was_not_changed()
    {
        Assert.Equal(ProofVerdict.AlreadyThere, Judge($"[{Job(7, "success")}]", Frozen, Before(Frozen, 5)).Verdict);
        Assert.Equal(ProofVerdict.AlreadyThere, Judge("[]", Frozen, Before(Frozen, 5)).Verdict);
    }

    [Theory]
    [InlineData(5, "v1", "cn-east-3", "team-a-dr", false, "2026-03-01T12:00:01Z")]
    [InlineData(7, "v2", "cn-east-3", "team-a-dr", false, "2026-03-01T12:00:01Z")]
    [InlineData(7, "v1", "cn-south-1", "team-a-dr", false, "2026-03-01T12:00:01Z")]
    [InlineData(7, "v1", "cn-east-3", "elsewhere", false, "2026-03-01T12:00:01Z")]
    [InlineData(7, "v1", "cn-east-3", "team-a-dr", true, "2026-03-01T12:00:01Z")]
    [InlineData(7, "v1", "cn-east-3", "team-a-dr", false, "2026-03-01T11:58:59Z")]
    public void Copy_of_something_else_or_from_before_is_not_ours(int id, string tag, string region, string organization, bool overwrite, string at)
    {
        var job = Job(id, "failed", tag: tag, region: region, organization: organization, overwrite: overwrite, at: at);

        Assert.Equal(ProofVerdict.NotYet, Judge($"[{job}]", null, Before(null, 5)).Verdict);
    }

    [Fact]
    public void Two_copies_of_ours_are_a_duplicate_and_one_of_each_is_shared()
    {
        var one = Judge($"[{Job(7, "success")}]", Frozen, Before(null, 5));
        var twice = Judge($"[{Job(8, "existed")},{Job(7, "success")}]", Frozen, Before(null, 5));
        var shared = Judge($"[{Job(8, "existed", by: "somebody")},{Job(7, "success")}]", Frozen, Before(null, 5));

        Assert.Equal((ProofVerdict.Proved, Attribution.Exact, 1), (one.Verdict, one.Attribution, one.Effects));
        Assert.Equal((ProofVerdict.Proved, Attribution.Exact, 2), (twice.Verdict, twice.Attribution, twice.Effects));
        Assert.Equal((ProofVerdict.Proved, Attribution.Shared, 1), (shared.Verdict, shared.Attribution, shared.Effects));
        Assert.Equal(Attribution.Inferred, Judge("[]", Frozen, Before(null, 5)).Attribution);
    }

    [Fact]
    public void Absence_from_a_full_page_of_newer_copies_proves_nothing()
    {
        var newer = string.Join(',', Enumerable.Range(10, 100).Select(id => Job(id, "success", tag: "v2")));

        Assert.Equal(ProofVerdict.NotYet, Judge($"[{newer}]", null, Before(null, 5), accepted: false).Verdict);
        Assert.Equal(ProofVerdict.NotBegun, Judge($"[{newer[..newer.LastIndexOf(",{", StringComparison.Ordinal)]}]", null, Before(null, 5), accepted: false).Verdict);
    }

    [Theory]
    [InlineData("{}", "[]")]
    [InlineData("[]", "{}")]
    public void What_cannot_be_read_proves_nothing(string jobs, string target) => Assert.Equal(
        ProofVerdict.NotYet, Kind.Judge(Payload(), "v1", [Read("[]"), Read(jobs), Read(target)], new Sending(SentAt, Before(null, 5), false, false)).Verdict);

    [Fact]
    public void Existing_image_with_overwriting_on_is_not_called_a_refusal_to_replace() => Assert.Equal(
        ProofVerdict.NotYet, Judge($"[{Job(7, "existed", overwrite: true)}]", Other, Before(Other, 5), overwrite: true).Verdict);

    [Fact]
    public void Without_a_frozen_digest_the_content_just_before_sending_is_compared()
    {
        var payload = Payload(digest: null);
        var before = Kind.ReadyFrom(payload, "v1", [Tag(Other), Read("[]"), Read("[]")]);

        Assert.Null(before.WhyNot);
        var proof = Kind.Judge(payload, "v1", [Tag(Frozen), Read($"[{Job(7, "success")}]"), Tag(Other)], new Sending(SentAt, before.Baseline, true, false));
        Assert.Equal(ProofVerdict.Proved, proof.Verdict);
    }

    [Theory]
    [InlineData(Frozen, null)]
    [InlineData(Other, "Note.ChangedSinceApproval")]
    [InlineData(null, "Note.ChangedSinceApproval")]
    public void Tag_that_moved_since_it_was_frozen_may_not_be_sent(string? now, string? whyNot) =>
        Assert.Equal(whyNot, Kind.ReadyFrom(Payload(), "v1", [Tag(now), Read("[]"), Read("[]")]).WhyNot);

    [Fact]
    public void Source_that_cannot_be_read_keeps_nothing_back() =>
        Assert.Null(Kind.ReadyFrom(Payload(), "v1", [Answer.NotSent("x"), Read("[]"), Read("[]")]).WhyNot);

    static CopyTagsKind Kind { get; } = MakeKind();

    static Proof Judge(string jobs, string? digestThere, JsonObject before, bool accepted = true, bool overwrite = false) => Kind.Judge(
        Payload(overwrite: overwrite), "v1", [Tag(Frozen), Read(jobs), Tag(digestThere)], new Sending(SentAt, before, accepted, false));

    static JsonObject Payload(string? digest = Frozen, bool overwrite = false) =>
        Given.CopyTags(["v1"], overwrite: overwrite).With("digests", new JsonObject { ["v1"] = digest }).Payload;

    // As it comes back from the database.
    static JsonObject Before(string? digest, int newestJob) => JsonNode.Parse(
        Kind.ReadyFrom(Payload(), "v1", [Tag(Frozen), Read($"[{Job(newestJob, "success", tag: "v9")}]"), Tag(digest)]).Baseline!.ToJsonString())!.AsObject();

    static string Job(
        int id, string status, string tag = "v1", string region = "cn-east-3", string organization = "team-a-dr", bool overwrite = false,
        string at = "2026-03-01T12:00:01Z", string by = "robot") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"id":{{id}},"tag":"{{tag}}","remoteRegionId":"{{region}}","remoteNamespace":"{{organization}}","override":{{(overwrite ? "true" : "false")}},"status":"{{status}}","syncOperatorId":"{{by}}","createdAt":"{{at}}"}""");

    static Answer Tag(string? digest) => Read(digest is null ? "[]" : $$"""[{"Tag":"v1","digest":"{{digest}}"}]""");

    static Answer Read(string json) => new() { Kind = AnswerKind.Answered, Status = 200, Json = JsonNode.Parse(json), BodyExcerpt = json };

    static CopyTagsKind MakeKind()
    {
        var options = Options.Create(new HuaweiOptions { Regions = ["cn-north-4", "cn-east-3"] });
        using var services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        return new CopyTagsKind(new CloudClient(services.GetRequiredService<IHttpClientFactory>(), options, new CredentialSource(options, NullLogger<CredentialSource>.Instance), TimeProvider.System), options);
    }
}
