using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Portal.Audit;
using Portal.Kinds;
using Portal.Tests.Support;

namespace Portal.Tests.Audit;

public sealed class CanonicalJsonTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("null", "null")]
    [InlineData(" { } ", "{}")]
    [InlineData("[ 1 , true , null , \"a\" ]", "[1,true,null,\"a\"]")]
    [InlineData("{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}")]
    [InlineData("{\"10\":0,\"1\":1,\"2\":2}", "{\"1\":1,\"10\":0,\"2\":2}")]
    [InlineData("{\"a\":{\"d\":[{\"y\":1,\"x\":2}],\"c\":0}}", "{\"a\":{\"c\":0,\"d\":[{\"x\":2,\"y\":1}]}}")]
    [InlineData("[-0]", "[0]")]
    [InlineData("[9223372036854775807,-9223372036854775808]", "[9223372036854775807,-9223372036854775808]")]
    public void Writes_members_sorted_and_nothing_between_them(string json, string expected) => Assert.Equal(expected, Write(json));

    /// <summary>RFC 8785, section 3.2.3: the order is that of UTF-16 code units, not of code points and not of a language.</summary>
    [Fact]
    public void Sorts_names_like_the_vector_of_the_rfc()
    {
        const string Vector = """
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """;

        Assert.Equal(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\","
            + "\"\u20ac\":\"Euro Sign\",\"\U0001F600\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
            Write(Vector));
    }

    /// <summary>RFC 8785, section 3.2.2: the shortest escapes, and letters as they are.</summary>
    [Fact]
    public void Escapes_like_the_vector_of_the_rfc() => Assert.Equal(
        "{\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
        Write("""{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"}"""));

    [Theory]
    [InlineData("\b\t\n\f\r", "\\b\\t\\n\\f\\r")]
    [InlineData("\u0001\u001f", "\\u0001\\u001f")]
    [InlineData("\u007f\u2028</script>&+'", "\u007f\u2028</script>&+'")]
    [InlineData("组织 é 😀", "组织 é 😀")]
    public void Escapes_control_characters_and_nothing_else(string text, string expected) =>
        Assert.Equal($"\"{expected}\"", Encoding.UTF8.GetString(CanonicalJson.Write(JsonValue.Create(text))));

    [Theory]
    [InlineData("1.5")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("9223372036854775808")]
    [InlineData("[{\"a\":0.1}]")]
    public void Number_that_is_not_whole_is_refused(string json) =>
        Assert.Throws<NotSupportedException>(() => CanonicalJson.Write(JsonNode.Parse(json)));

    [Fact]
    public void Number_made_in_code_is_written_like_one_that_was_read()
    {
        foreach (var node in new JsonNode[] { JsonValue.Create(7), JsonValue.Create(7L), JsonValue.Create((short)7), JsonNode.Parse("7")! })
        {
            Assert.Equal("7"u8.ToArray(), CanonicalJson.Write(node));
        }
    }

    [Fact]
    public void Order_of_members_does_not_change_the_hash_and_every_value_does()
    {
        var rule = Given.Rule().Payload;
        var turned = new JsonObject(rule.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        var hash = Payload.HashOf("keep-copying", rule);

        Assert.Equal(hash, Payload.HashOf("keep-copying", turned));
        Assert.NotEqual(hash, Payload.HashOf("sync-mirror", rule));
        foreach (var (name, value) in rule)
        {
            var other = Given.Rule().With(name, value!.GetValueKind() == System.Text.Json.JsonValueKind.String ? value + "x" : !value.GetValue<bool>());
            Assert.NotEqual(hash, Payload.HashOf("keep-copying", other.Payload));
        }
    }

    [Fact]
    public void Hash_is_of_the_canonical_bytes_and_nothing_else() => Assert.Equal(
        Convert.ToHexStringLower(SHA256.HashData("{\"kind\":\"k\",\"payload\":{\"a\":1,\"b\":\"x\"}}"u8)),
        Payload.HashOf("k", new JsonObject { ["b"] = "x", ["a"] = 1 }));

    [Fact]
    public async Task Hash_survives_jsonb_which_reorders_and_respaces()
    {
        await using var database = await postgres.CreateEmptyAsync();
        var node = JsonNode.Parse(
            """{"zz":1,"a":"é 😀 \u20ac \" \\ / \b\f\n\r\t \u0001 <>&'","list":[3,1,{"y":null,"x":true}],"max":9223372036854775807,"ö":"","Z":-5}""")!;

        var stored = await database.ValueAsync<string>("select ($1::jsonb)::text", CanonicalJson.ToText(node));

        Assert.NotEqual(CanonicalJson.ToText(node), stored);
        Assert.Equal(CanonicalJson.Write(node), CanonicalJson.Write(JsonNode.Parse(stored)));
    }

    [Fact]
    public void Canonical_bytes_read_back_are_canonical()
    {
        var text = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(value => value.Get);
        var members = Gen.ListOf(Gen.Zip(text, text));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(members.ToArbitrary(), pairs =>
        {
            var made = new JsonObject();
            foreach (var (name, value) in pairs)
            {
                made[name] = value;
            }

            var bytes = CanonicalJson.Write(made);
            return bytes.AsSpan().SequenceEqual(CanonicalJson.Write(JsonNode.Parse(bytes)));
        }));
    }

    static string Write(string json) => Encoding.UTF8.GetString(CanonicalJson.Write(JsonNode.Parse(json)));
}
