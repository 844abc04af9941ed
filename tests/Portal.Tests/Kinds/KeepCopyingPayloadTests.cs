using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Kinds.KeepCopying;
using Portal.Tests.Support;

namespace Portal.Tests.Kinds;

public sealed class KeepCopyingPayloadTests
{
    static readonly HuaweiOptions Cloud = new() { Regions = ["cn-north-4", "cn-east-3", "ap-southeast-3"] };

    public static TheoryData<string> ValidOrganizations => FieldCorpus.ValidOrganizations;

    public static TheoryData<string, string> InvalidOrganizations => FieldCorpus.InvalidOrganizations;

    public static TheoryData<string> ValidRepositories => FieldCorpus.ValidRepositories;

    public static TheoryData<string, string> InvalidRepositories => FieldCorpus.InvalidRepositories;

    [Theory]
    [MemberData(nameof(ValidOrganizations))]
    public void Organization_of_the_documented_form_is_taken_as_it_is(string name)
    {
        Assert.Equal(name, Read("organization", name).Payload!.Text("organization"));
        Assert.Equal(name, Read("targetOrganization", name).Payload!.Text("targetOrganization"));
    }

    [Theory]
    [MemberData(nameof(InvalidOrganizations))]
    public void Organization_of_another_form_is_a_problem_at_its_field(string name, string wordKey)
    {
        AssertProblem(Read("organization", name), "organization", wordKey);
        AssertProblem(Read("targetOrganization", name), "targetOrganization", wordKey);
    }

    [Theory]
    [MemberData(nameof(ValidRepositories))]
    public void Repository_of_the_documented_form_is_taken_as_it_is(string name) =>
        Assert.Equal(name, Read("repository", name).Payload!.Text("repository"));

    [Theory]
    [MemberData(nameof(InvalidRepositories))]
    public void Repository_of_another_form_is_a_problem_at_its_field(string name, string wordKey) =>
        AssertProblem(Read("repository", name), "repository", wordKey);

    [Theory]
    [InlineData("cn-north-9")]
    [InlineData("CN-NORTH-4")]
    [InlineData("cn-north-4 ")]
    [InlineData("cn-north-4\n")]
    [InlineData("cn-north-4\0")]
    [InlineData("cn-north-4/../cn-east-3")]
    [InlineData("evil.example.com#")]
    [InlineData("cn-n\u00F6rth-4")]
    [InlineData("😀")]
    public void Region_that_is_not_configured_is_a_problem_that_names_those_that_are(string region)
    {
        foreach (var field in new[] { "sourceRegion", "targetRegion" })
        {
            var problem = AssertProblem(Read(field, region), field, "Field.UnknownRegion");
            Assert.Contains("cn-east-3", (string)problem.Arguments[1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Target_in_the_source_region_is_a_problem_at_the_target() =>
        AssertProblem(Read("targetRegion", "cn-north-4"), "targetRegion", "Field.SameRegion");

    [Fact]
    public void Value_that_is_no_text_is_a_problem_at_its_field()
    {
        foreach (var field in new[] { "sourceRegion", "organization", "repository", "targetRegion", "targetOrganization" })
        {
            foreach (var value in FieldCorpus.NoTexts)
            {
                var problem = Assert.Single(Read(field, value?.DeepClone()).Problems, problem => problem.Field == field);
                Assert.Contains(problem.WordKey, (string[])["Field.NotAText", "Field.UnknownRegion"]);
            }

            AssertProblem(Read(field, null), field, "Field.Required");
        }
    }

    [Fact]
    public void Value_that_is_no_flag_is_a_problem_at_its_field()
    {
        foreach (var field in new[] { "syncAuto", "override" })
        {
            foreach (var value in new JsonNode[] { "true", "yes", 1, 0, new JsonObject(), new JsonArray(true) })
            {
                AssertProblem(Read(field, value), field, "Field.NotAFlag");
            }
        }
    }

    [Fact]
    public void Flags_left_out_are_no()
    {
        var input = (JsonObject)Given.Rule().Payload.DeepClone();
        input.Remove("syncAuto");
        input.Remove("override");

        var payload = KeepCopyingPayload.Read(input, Cloud).Payload!;

        Assert.False(payload.Flag("syncAuto"));
        Assert.False(payload.Flag("override"));
    }

    [Theory]
    [InlineData("loginGiven")]
    [InlineData("Organization")]
    [InlineData("__proto__")]
    [InlineData("")]
    public void Field_that_nobody_asked_for_is_refused(string name) => AssertProblem(Read(name, "x"), name, "Field.Unknown");

    [Fact]
    public void Field_with_a_name_of_a_megabyte_is_refused_with_its_beginning() =>
        Assert.InRange(Assert.Single(Read(new string('x', 1_000_000), "x").Problems).Field.Length, 1, 100);

    [Fact]
    public void Text_of_a_megabyte_is_refused_by_its_length()
    {
        var text = string.Concat(Enumerable.Repeat("a__b-", 200_000));

        foreach (var field in new[] { "organization", "repository", "targetOrganization" })
        {
            AssertProblem(Read(field, text), field, "Field.TooLong");
        }

        var problem = AssertProblem(Read("sourceRegion", text), "sourceRegion", "Field.UnknownRegion");
        Assert.InRange(((string)problem.Arguments[0]).Length, 1, 100);
    }

    [Fact]
    public void Text_that_is_too_long_is_not_even_shown_to_the_pattern()
    {
        // Would run for years on this text, and throws instead.
        var pattern = new Regex("^(a+)+$", RegexOptions.None, TimeSpan.FromMilliseconds(1));
        var text = FieldCorpus.Letters(1_000_000) + "!";

        var reader = new PayloadReader(new JsonObject { ["field"] = text });

        Assert.Equal("", reader.Text("field", pattern, 64, "Pattern"));
        Assert.Equal("Field.TooLong", Assert.Single(reader.Problems).WordKey);
        Assert.Throws<RegexMatchTimeoutException>(() => new PayloadReader(new JsonObject { ["field"] = text }).Text("field", pattern, 2_000_000, "Pattern"));
    }

    [Fact]
    public void All_wrong_fields_are_told_at_once_and_each_once()
    {
        var reading = KeepCopyingPayload.Read([], Cloud);

        Assert.Null(reading.Payload);
        Assert.Equal(
            ["organization", "repository", "sourceRegion", "targetOrganization", "targetRegion"],
            reading.Problems.Select(problem => problem.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Payload_that_was_read_is_read_again_as_the_same()
    {
        var once = KeepCopyingPayload.Read((JsonObject)Given.Rule().Payload.DeepClone(), Cloud).Payload!;
        var twice = KeepCopyingPayload.Read((JsonObject)once.DeepClone(), Cloud).Payload!;

        Assert.Equal(once.ToJsonString(), twice.ToJsonString());
    }

    static PayloadReading Read(string field, JsonNode? value) => KeepCopyingPayload.Read(Given.Rule().With(field, value).Payload, Cloud);

    static FieldProblem AssertProblem(PayloadReading reading, string field, string wordKey)
    {
        Assert.False(reading.IsValid);
        Assert.Null(reading.Payload);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal((field, wordKey), (problem.Field, problem.WordKey));
        return problem;
    }
}
