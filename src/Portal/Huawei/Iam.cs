using System.Text.Json.Nodes;
using Portal.Access;

namespace Portal.Huawei;

/// <summary>IAM, /v3: a token for a region's project, and the project's id. Pure; <see cref="CloudClient"/> sends.</summary>
public static class Iam
{
    /// <summary>Buys a token that is valid for one region; "nocatalog" keeps the answer short. The body holds the password.</summary>
    public static CloudCall TokenByPassword(string region, string account, string user, Secret password) => new()
    {
        Service = CloudService.Iam,
        Region = region,
        Method = HttpMethod.Post,
        Path = "/v3/auth/tokens",
        Query = [new("nocatalog", "any")],
        Body = new JsonObject
        {
            ["auth"] = new JsonObject
            {
                ["identity"] = new JsonObject
                {
                    ["methods"] = new JsonArray("password"),
                    ["password"] = new JsonObject
                    {
                        ["user"] = new JsonObject
                        {
                            ["domain"] = new JsonObject { ["name"] = account },
                            ["name"] = user,
                            ["password"] = password.Reveal(),
                        },
                    },
                },
                ["scope"] = new JsonObject { ["project"] = new JsonObject { ["name"] = region } },
            },
        },
    };

    /// <summary>Looks up the project that carries the region's name.</summary>
    public static CloudCall FindProject(string region) => new()
    {
        Service = CloudService.Iam,
        Region = region,
        Method = HttpMethod.Get,
        Path = "/v3/projects",
        Query = [new("name", region)],
    };

    /// <summary>The project's id; null unless the answer names exactly one.</summary>
    public static string? ReadProjectId(Answer answer) =>
        answer.IsSuccess && answer.Json is JsonObject body && body["projects"] is JsonArray { Count: 1 } projects
        && AnswerFields.Text(projects[0], "id") is { Length: <= 64 } id && id.All(char.IsAsciiLetterOrDigit) ? id : null;

    /// <summary>
    /// How long a fresh token lives, from the two times in its answer, so that a wrong clock here does not matter; an hour when they
    /// cannot be read (real ones live 24 hours).
    /// </summary>
    public static TimeSpan ReadLifetime(Answer answer)
    {
        var token = (answer.Json as JsonObject)?["token"];
        return AnswerFields.Time(token, "expires_at") - AnswerFields.Time(token, "issued_at") is { } lifetime && lifetime > TimeSpan.Zero
            ? lifetime
            : TimeSpan.FromHours(1);
    }
}
