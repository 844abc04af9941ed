using System.Text.Json.Nodes;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Kinds.CopyTags;
using Portal.Kinds.StopCopying;
using Portal.Tests.Support;

namespace Portal.Tests.Kinds;

public sealed class CopyTagsPayloadTests
{
    static readonly HuaweiOptions Cloud = new() { Regions = ["cn-north-4", "cn-east-3"] };

    public static TheoryData<string, string> WrongTags { get; } = new()
    {
        { "null", "Field.Required" },
        { "[]", "Field.Required" },
        { "\"v1\"", "Field.NotAList" },
        { "{\"0\":\"v1\"}", "Field.NotAList" },
        { "[1]", "Field.NotAList" },
        { "[null]", "Field.NotAList" },
        { "[[\"v1\"]]", "Field.NotAList" },
        { "[\"\"]", "Field.TagPattern" },
        { "[\".v1\"]", "Field.TagPattern" },
        { "[\"-v1\"]", "Field.TagPattern" },
        { "[\"v 1\"]", "Field.TagPattern" },
        { "[\"v1\\n\"]", "Field.TagPattern" },
        { "[\"a/b\"]", "Field.TagPattern" },
        { "[\"版本\"]", "Field.TagPattern" },
        { "[\"\\ud800\"]", "Field.TagPattern" },
        { $"[\"{new string('a', 129)}\"]", "Field.TagPattern" },
        { "[\"v1\",\"v2\",\"v1\"]", "Field.Twice" },
    };

    [Theory]
    [InlineData("latest")]
    [InlineData("_x")]
    [InlineData("1.0.0-rc.1")]
    [InlineData("V1__A..b--c")]
    public void Tag_of_dockers_form_is_taken(string tag) => Assert.Equal([tag], CopyTagsPayload.TagsOf(Read(Given.CopyTags([tag]).Payload).Payload!));

    [Theory]
    [MemberData(nameof(WrongTags))]
    public void Tags_of_another_form_are_a_problem_at_their_field(string tags, string wordKey)
    {
        var problem = Assert.Single(Read(Given.CopyTags().With("tags", JsonNode.Parse(tags)).Payload).Problems);

        Assert.Equal(("tags", wordKey), (problem.Field, problem.WordKey));
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(501, false)]
    public void Five_hundred_tags_are_the_most(int count, bool valid)
    {
        var reading = Read(Given.CopyTags([.. Enumerable.Range(0, count).Select(number => $"v{number}")]).Payload);

        Assert.Equal(valid, reading.IsValid);
        Assert.Equal(valid ? [] : ["Field.TooManyTags"], reading.Problems.Select(problem => problem.WordKey));
    }

    [Fact]
    public void Digests_that_somebody_sends_are_refused_so_that_only_the_check_can_freeze_them() => Assert.Equal(
        "Field.Unknown", Assert.Single(Read(Given.CopyTags().With("digests", new JsonObject { ["2.19.0"] = "sha256:0" }).Payload).Problems).WordKey);

    [Fact]
    public void Fields_of_a_stored_request_make_a_new_one()
    {
        var stored = Given.CopyTags().With("digests", new JsonObject { ["2.19.0"] = "sha256:0", ["2.19.1"] = null }).Payload;
        var copy = new JsonObject(CopyTagsPayload.Fields.Select(field => KeyValuePair.Create(field, stored[field]?.DeepClone())));

        Assert.True(Read(copy).IsValid);
    }

    [Fact]
    public void Rule_to_delete_needs_its_source_and_its_target_and_nothing_else()
    {
        Assert.True(StopCopyingPayload.Read(Given.StopRule().Payload, Cloud).IsValid);
        Assert.Equal("Field.Unknown", Assert.Single(StopCopyingPayload.Read(Given.StopRule().With("override", true).Payload, Cloud).Problems).WordKey);
        Assert.Equal("Field.SameRegion", Assert.Single(StopCopyingPayload.Read(Given.StopRule().With("targetRegion", "cn-north-4").Payload, Cloud).Problems).WordKey);
    }

    static PayloadReading Read(JsonObject input) => CopyTagsPayload.Read(input, Cloud);
}
