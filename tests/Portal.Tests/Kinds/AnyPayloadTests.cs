using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Kinds.CopyTags;
using Portal.Kinds.KeepCopying;
using Portal.Kinds.StopCopying;
using Portal.Kinds.SyncMirror;

namespace Portal.Tests.Kinds;

/// <summary>Whatever JSON comes, reading it says what is wrong and never throws.</summary>
public sealed class AnyPayloadTests
{
    static readonly HuaweiOptions Cloud = new() { Regions = ["cn-north-4", "cn-east-3"] };

    static readonly string[] Fields =
    [
        "sourceRegion", "organization", "repository", "targetRegion", "targetOrganization", "tags", "digests", "syncAuto", "override",
        "region", "repositoryId", "serviceEndpoint", "forceFetch", "loginGiven", "unknown", "", "\u0000", "ORGANIZATION",
    ];

    static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-1", "1e400", "1.5", "2147483648", "\"\"", "\"a\"", "\"cn-north-4\"", "\"cn-east-3\"",
        "\"7c1f0f5e4f0b4c559a8e3a2f6f0f1d11\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "\"😀\"", "{}", "[]", "[[[]]]", "[\"v1\",\"v1\"]", "[\"v1\",null]", "[\"\\ud800\"]", "[\"v1\",\"v2\"]",
        "{\"a\":{\"b\":[1,null]}}", "{\"a\":1,\"a\":2}",
    ];

    [Fact]
    public void Any_json_object_is_read_without_a_fault()
    {
        var member = from field in Gen.Elements(Fields)
                     from value in Gen.Elements(Values)
                     select (field, value);
        // A field given twice is for the parser to refuse: such an object cannot be asked for anything.
        var objects = Gen.ListOf(member).Select(members =>
            "{" + string.Join(',', members.DistinctBy(pair => pair.field).Select(pair => $"{JsonSerializer.Serialize(pair.field)}:{pair.value}")) + "}");

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(objects.ToArbitrary(), ReadsAll));
    }

    [Fact]
    public void Any_text_in_any_field_is_read_without_a_fault()
    {
        // Also halves of surrogate pairs: a browser can send them.
        var text = Gen.ListOf(Gen.Choose(0, 0xFFFF).Select(unit => (char)unit)).Select(units => string.Concat(units));
        var objects = from field in Gen.Elements(Fields) from value in text select (field, value);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(objects.ToArbitrary(), pair =>
        {
            var made = new JsonObject { [pair.field] = pair.value };
            return IsExplained(KeepCopyingPayload.Read(made, Cloud)) && IsExplained(SyncMirrorPayload.Read((JsonObject)made.DeepClone(), Cloud))
                && IsExplained(CopyTagsPayload.Read((JsonObject)made.DeepClone(), Cloud));
        }));
    }

    [Theory]
    [InlineData("{\"organization\":\"\\ud800\"}", "organization")]
    [InlineData("{\"sourceRegion\":\"\\udc00\"}", "sourceRegion")]
    public void Half_of_a_surrogate_pair_is_a_problem_at_its_field(string json, string field)
    {
        var reading = KeepCopyingPayload.Read(JsonNode.Parse(json)!.AsObject(), Cloud);

        Assert.Contains(reading.Problems, problem => problem.Field == field && problem.WordKey != "Field.Required");
    }

    [Fact]
    public void Field_name_that_is_cut_keeps_whole_characters()
    {
        var name = new string('x', 59) + "😀😀";

        var problem = Assert.Single(
            SyncMirrorPayload.Read(new JsonObject { ["region"] = "cn-north-4", ["repositoryId"] = 1, [name] = 1 }, Cloud).Problems);

        Assert.Equal(problem.Field, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(problem.Field)));
    }

    static bool ReadsAll(string json) => IsExplained(KeepCopyingPayload.Read(JsonNode.Parse(json)!.AsObject(), Cloud))
        && IsExplained(SyncMirrorPayload.Read(JsonNode.Parse(json)!.AsObject(), Cloud))
        && IsExplained(CopyTagsPayload.Read(JsonNode.Parse(json)!.AsObject(), Cloud))
        && IsExplained(StopCopyingPayload.Read(JsonNode.Parse(json)!.AsObject(), Cloud));

    static bool IsExplained(PayloadReading reading) => reading.IsValid ? reading.Problems.Count == 0 : reading.Problems.Count > 0;
}
