using System.Text.Json.Nodes;

namespace Portal.Tests.Kinds;

/// <summary>Names that the cloud takes and names that it does not, with what decides about each.</summary>
static class FieldCorpus
{
    public static string Letters(int count) => new('a', count);

    /// <summary>Organizations: 1-64, a letter first, single separators, "__" the only doubled one.</summary>
    public static TheoryData<string> ValidOrganizations { get; } =
        ["a", "team-a", "team.a", "team_a", "team__a", "a1", "a-1.b_2__c", Letters(64), "x" + new string('9', 63)];

    public static TheoryData<string, string> InvalidOrganizations { get; } = new()
    {
        { Letters(65), "Field.TooLong" },
        { "1a", Pattern },
        { "-a", Pattern },
        { "a-", Pattern },
        { "a_", Pattern },
        { "a.", Pattern },
        { "a--b", Pattern },
        { "a..b", Pattern },
        { "a___b", Pattern },
        { "a-_b", Pattern },
        { "a._b", Pattern },
        { "a/b", Pattern },
        { "a b", Pattern },
        { " a", Pattern },
        { "a ", Pattern },
        { "a\n", Pattern },
        { "a\r\n", Pattern },
        { "\na", Pattern },
        { "a\0", Pattern },
        { "a\0b", Pattern },
        { "a\tb", Pattern },
        { "Team", Pattern },
        { "TEAM", Pattern },
        { "teamé", Pattern },
        { "te\u0131m", Pattern },
        { "te\u0130m", Pattern },
        { "\u212Aelvin", Pattern },
        { "ｔｅａｍ", Pattern },
        { "team\uFF0Da", Pattern },
        { "a\u200Bb", Pattern },
        { "a\u0301", Pattern },
        { "团队", Pattern },
        { "team😀", Pattern },
        { "😀", Pattern },
        { "a\ud800", Pattern },
        { "a٣", Pattern },
        { "a%2fb", Pattern },
        { "a$b", Pattern },
        { "..", Pattern },
        { "", "Field.Required" },
    };

    /// <summary>Repositories: 1-128, a digit may be first, "/" is a separator too.</summary>
    public static TheoryData<string> ValidRepositories { get; } =
        ["a", "1", "backend/order-api", "a/b/c/d", "a__b", "feature_store", "1/2", "v1.0", "a-b.c_d__e/f", Letters(128)];

    public static TheoryData<string, string> InvalidRepositories { get; } = new()
    {
        { Letters(129), "Field.TooLong" },
        { "/a", RepositoryPattern },
        { "a/", RepositoryPattern },
        { "a//b", RepositoryPattern },
        { "a/-b", RepositoryPattern },
        { "a/_b", RepositoryPattern },
        { "a/.b", RepositoryPattern },
        { "a/./b", RepositoryPattern },
        { "a/../b", RepositoryPattern },
        { "../a", RepositoryPattern },
        { "a___b", RepositoryPattern },
        { "a--b", RepositoryPattern },
        { "a..b", RepositoryPattern },
        { "-a", RepositoryPattern },
        { "a-", RepositoryPattern },
        { "a\\b", RepositoryPattern },
        { "a:latest", RepositoryPattern },
        { "a@sha256", RepositoryPattern },
        { "backend$order-api", RepositoryPattern },
        { "a\n", RepositoryPattern },
        { "a\0", RepositoryPattern },
        { "Backend/api", RepositoryPattern },
        { "backend\uFF0Fapi", RepositoryPattern },
        { "backend/\u0131", RepositoryPattern },
        { "backend/😀", RepositoryPattern },
        { "", "Field.Required" },
    };

    /// <summary>Values of the wrong type, whatever the field: none of them may be taken for a text.</summary>
    public static IReadOnlyList<JsonNode?> NoTexts { get; } =
    [
        JsonValue.Create(1), JsonValue.Create(true), JsonValue.Create(1.5), new JsonObject(), new JsonArray(), new JsonArray("a"),
        new JsonObject { ["a"] = new JsonObject { ["b"] = 1 } }, JsonNode.Parse("12"), JsonNode.Parse("false"),
    ];

    const string Pattern = "Field.OrganizationPattern";
    const string RepositoryPattern = "Field.RepositoryPattern";
}
