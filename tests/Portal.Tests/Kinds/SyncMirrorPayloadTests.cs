using System.Text.Json.Nodes;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Kinds.SyncMirror;
using Portal.Tests.Support;

namespace Portal.Tests.Kinds;

public sealed class SyncMirrorPayloadTests
{
    static readonly HuaweiOptions Cloud = new() { Regions = ["cn-north-4", "cn-east-3"] };

    [Theory]
    [InlineData("1", 1)]
    [InlineData("2111733", 2111733)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("\"1\"", 1)]
    [InlineData("\"2111733\"", 2111733)]
    [InlineData("\"2147483647\"", int.MaxValue)]
    [InlineData("\" 2111733\"", 2111733)]
    [InlineData("\"2111733 \\n\"", 2111733)]
    public void Repository_id_in_range_is_taken_as_a_number_or_as_digits(string json, int expected) =>
        Assert.Equal(expected, Read("repositoryId", JsonNode.Parse(json)).Payload!["repositoryId"]!.GetValue<int>());

    [Theory]
    [InlineData(2111733)]
    [InlineData(2111733L)]
    public void Repository_id_made_in_code_is_taken_like_one_that_was_parsed(object number) =>
        Assert.Equal(2111733, Read("repositoryId", number is int small ? JsonValue.Create(small) : JsonValue.Create((long)number)).Payload!["repositoryId"]!.GetValue<int>());

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2147483648")]
    [InlineData("9223372036854775808")]
    [InlineData("1e9")]
    [InlineData("1.0")]
    [InlineData("1.5")]
    [InlineData("1e400")]
    [InlineData("\"0\"")]
    [InlineData("\"007\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"+1\"")]
    [InlineData("\"1e9\"")]
    [InlineData("\"1.0\"")]
    [InlineData("\"2147483648\"")]
    [InlineData("\"99999999999999999999\"")]
    [InlineData("\"1\\u0000\"")]
    [InlineData("\"0x10\"")]
    [InlineData("\"\\uff11\\uff12\"")]
    [InlineData("\"\\u0661\"")]
    [InlineData("\"1,000\"")]
    [InlineData("\"one\"")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"id\":1}")]
    public void Repository_id_out_of_range_or_of_another_form_is_a_problem_at_its_field(string json) =>
        AssertProblem(Read("repositoryId", JsonNode.Parse(json)), "repositoryId", "Field.RepositoryIdRange");

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    public void Repository_id_left_out_is_required(string json) =>
        AssertProblem(Read("repositoryId", JsonNode.Parse(json)), "repositoryId", "Field.Required");

    [Theory]
    [InlineData("7c1f0f5e4f0b4c559a8e3a2f6f0f1d11")]
    [InlineData("7c1f0f5e-4f0b-4c55-9a8e-3a2f6f0f1d11")]
    [InlineData("7C1F0F5E-4F0B-4C55-9A8E-3A2F6F0F1D11")]
    [InlineData("00000000000000000000000000000000")]
    public void Service_endpoint_in_both_written_forms_is_taken(string uuid) =>
        Assert.Equal(uuid, Read("serviceEndpoint", uuid).Payload!.Text("serviceEndpoint"));

    [Theory]
    [InlineData("7c1f0f5e4f0b4c559a8e3a2f6f0f1d1")]
    [InlineData("7c1f0f5e4f0b4c559a8e3a2f6f0f1d111")]
    [InlineData("7c1f0f5e-4f0b4c55-9a8e-3a2f6f0f1d11")]
    [InlineData("7c1f0f5e-4f0b-4c55-9a8e-3a2f6f0f1d1g")]
    [InlineData("7c1f0f5e4f0b4c559a8e3a2f6f0f1d11\n")]
    [InlineData(" 7c1f0f5e4f0b4c559a8e3a2f6f0f1d11")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("7c1f0f5e4f0b4c559a8e3a2f6f0f1d1\uff11")]
    [InlineData("😀")]
    public void Service_endpoint_of_another_form_is_a_problem_at_its_field(string uuid) =>
        AssertProblem(Read("serviceEndpoint", uuid), "serviceEndpoint", "Field.ServiceEndpointPattern");

    [Theory]
    [InlineData("{7c1f0f5e-4f0b-4c55-9a8e-3a2f6f0f1d11}")]
    public void Service_endpoint_that_is_too_long_says_so(string uuid) =>
        AssertProblem(Read("serviceEndpoint", uuid), "serviceEndpoint", "Field.TooLong");

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    public void Service_endpoint_left_out_stays_out_of_the_call(string json)
    {
        var reading = Read("serviceEndpoint", JsonNode.Parse(json));

        Assert.True(reading.IsValid);
        Assert.Null(reading.Payload!["serviceEndpoint"]);
    }

    [Fact]
    public void Service_endpoint_that_is_no_text_is_a_problem_at_its_field()
    {
        foreach (var value in FieldCorpus.NoTexts)
        {
            AssertProblem(Read("serviceEndpoint", value?.DeepClone()), "serviceEndpoint", "Field.NotAText");
        }
    }

    [Fact]
    public void Service_endpoint_together_with_a_login_is_a_problem()
    {
        var input = Given.Mirror().With("serviceEndpoint", "7c1f0f5e4f0b4c559a8e3a2f6f0f1d11").With("loginGiven", true).Payload;

        AssertProblem(SyncMirrorPayload.Read(input, Cloud), "serviceEndpoint", "Field.EndpointOrLogin");
    }

    [Theory]
    [InlineData("username")]
    [InlineData("password")]
    [InlineData("login")]
    public void Password_in_the_payload_is_an_unknown_field(string name) => AssertProblem(Read(name, "secret"), name, "Field.Unknown");

    [Theory]
    [InlineData("forceFetch")]
    [InlineData("loginGiven")]
    public void Flag_that_is_a_text_is_a_problem_at_its_field(string field) => AssertProblem(Read(field, "true"), field, "Field.NotAFlag");

    [Fact]
    public void Payload_that_was_read_is_read_again_as_the_same()
    {
        var once = SyncMirrorPayload.Read((JsonObject)Given.Mirror().Payload.DeepClone(), Cloud).Payload!;
        var twice = SyncMirrorPayload.Read((JsonObject)once.DeepClone(), Cloud);

        Assert.True(twice.IsValid, string.Join(", ", twice.Problems));
        Assert.Equal(once.ToJsonString(), twice.Payload!.ToJsonString());
    }

    static PayloadReading Read(string field, JsonNode? value) => SyncMirrorPayload.Read(Given.Mirror().With(field, value).Payload, Cloud);

    static void AssertProblem(PayloadReading reading, string field, string wordKey)
    {
        Assert.False(reading.IsValid);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal((field, wordKey), (problem.Field, problem.WordKey));
    }
}
