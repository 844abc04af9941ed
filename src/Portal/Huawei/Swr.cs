using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Huawei;

/// <summary>Where images go: a region and an organization in it.</summary>
public sealed record SyncTarget(string Region, string Organization);

/// <summary>A rule as SWR lists it (swr_02_0007); fields that the answer leaves out are null.</summary>
public sealed record SyncRule(
    long? Id, string? Organization, string? Repository, SyncTarget Target, bool? SyncAuto, bool? Overwrite,
    DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt);

/// <summary>An SWR organization ("namespace"); <paramref name="Auth"/> is 7 manage, 3 edit, 1 read.</summary>
public sealed record Organization(string Name, long? Id, long? Auth, string? Creator);

/// <summary>An image repository; <paramref name="Tags"/> counts its tags.</summary>
public sealed record ImageRepository(
    string Name, string? Organization, long? Tags, long? SizeInBytes, bool? IsPublic, DateTimeOffset? UpdatedAt);

/// <summary>One tag of an image repository and the digest it points to.</summary>
public sealed record ImageTag(string Name, string? Digest, long? SizeInBytes, DateTimeOffset? UpdatedAt);

/// <summary>The copy of one tag to one target, by a call or by a rule (swr_02_0006); <paramref name="Status"/> is the cloud's own word.</summary>
public sealed record SyncJob(
    long Id, string Tag, SyncTarget Target, bool? Overwrite, string Status, string? OperatorId, string? OperatorName,
    DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt);

/// <summary>SWR, shared edition, /v2/manage: builds the calls and reads the answers. Pure; <see cref="CloudClient"/> sends.</summary>
public static class Swr
{
    /// <summary>Creates a rule (swr_02_0012). Only pushes made after that are copied.</summary>
    public static CloudCall CreateRule(
        string region, string organization, string repository, SyncTarget target, bool syncAuto, bool overwrite) =>
        RuleCall(HttpMethod.Post, region, organization, repository, new JsonObject
        {
            ["remoteRegionId"] = target.Region,
            ["remoteNamespace"] = target.Organization,
            ["syncAuto"] = syncAuto,
            ["override"] = overwrite,
        });

    /// <summary>Lists the rules of a repository (swr_02_0007): at most 100, and only those made with syncAuto.</summary>
    public static CloudCall ListRules(string region, string organization, string repository) =>
        RuleCall(HttpMethod.Get, region, organization, repository, null);

    /// <summary>Deletes a rule (swr_02_0013); images already copied stay.</summary>
    public static CloudCall DeleteRule(string region, string organization, string repository, SyncTarget target) =>
        RuleCall(HttpMethod.Delete, region, organization, repository, new JsonObject
        {
            ["remoteRegionId"] = target.Region,
            ["remoteNamespace"] = target.Organization,
        });

    /// <summary>
    /// Copies tags once (swr_02_0014). The answer names no job and says nothing of tags that do not exist: those fail later, as a job.
    /// </summary>
    public static CloudCall CopyTags(
        string region, string organization, string repository, IEnumerable<string> tags, SyncTarget target, bool overwrite) => new()
        {
            Service = CloudService.Swr,
            Region = region,
            Method = HttpMethod.Post,
            Path = RepositoryPath(organization, repository) + "/sync_images",
            Body = new JsonObject
            {
                ["imageTag"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]),
                ["remoteRegionId"] = target.Region,
                ["remoteNamespace"] = target.Organization,
                ["override"] = overwrite,
            },
        };

    /// <summary>The newest copies of a repository's tags (swr_02_0006), to all targets. They come and go: the cloud does not say how long it keeps them.</summary>
    public static CloudCall ListJobs(string region, string organization, string repository, int limit, int offset) => Get(
        region, RepositoryPath(organization, repository) + "/sync_job",
        [new("filter", string.Create(CultureInfo.InvariantCulture, $"limit::{limit}|offset::{offset}|order::desc"))]);

    /// <summary>One organization; 404 when it is missing. Ask it in the target region before a rule is made.</summary>
    public static CloudCall ShowOrganization(string region, string organization) =>
        Get(region, CloudPath.Of("v2", "manage", "namespaces", organization));

    /// <summary>The organizations of the account in a region.</summary>
    public static CloudCall ListOrganizations(string region) => Get(region, "/v2/manage/namespaces");

    /// <summary>One repository; 404 when it is missing.</summary>
    public static CloudCall ShowRepository(string region, string organization, string repository) =>
        Get(region, RepositoryPath(organization, repository));

    /// <summary>Repositories of an organization; <paramref name="limit"/> 1-1000, <paramref name="offset"/> a multiple of it.</summary>
    public static CloudCall ListRepositories(string region, string organization, int limit, int offset) =>
        Get(region, "/v2/manage/repos", [new("namespace", organization), .. Page(limit, offset)]);

    /// <summary>Tags of a repository; <paramref name="limit"/> 1-1000, <paramref name="offset"/> a multiple of it.</summary>
    public static CloudCall ListTags(string region, string organization, string repository, int limit, int offset) =>
        Get(region, RepositoryPath(organization, repository) + "/tags", [.. Page(limit, offset)]);

    /// <summary>One tag of a repository, as a list that is empty when it is missing.</summary>
    public static CloudCall ShowTag(string region, string organization, string repository, string tag) =>
        Get(region, RepositoryPath(organization, repository) + "/tags", [new("tag", tag), .. Page(100, 0)]);

    /// <summary>The rules of a <see cref="ListRules"/> answer; null when it cannot be read, which is not the same as "none".</summary>
    public static IReadOnlyList<SyncRule>? ReadRules(Answer answer) => AnswerFields.List(answer, answer.Json, ReadRule);

    /// <summary>The organizations of a <see cref="ListOrganizations"/> answer; null when it cannot be read.</summary>
    public static IReadOnlyList<Organization>? ReadOrganizations(Answer answer) =>
        AnswerFields.List(answer, (answer.Json as JsonObject)?["namespaces"], ReadOrganization);

    /// <summary>The organization of a <see cref="ShowOrganization"/> answer; null when it cannot be read.</summary>
    public static Organization? ReadOrganization(Answer answer) => answer.IsSuccess ? ReadOrganization(answer.Json) : null;

    /// <summary>The repositories of a <see cref="ListRepositories"/> answer; null when it cannot be read.</summary>
    public static IReadOnlyList<ImageRepository>? ReadRepositories(Answer answer) => AnswerFields.List(answer, answer.Json, ReadRepository);

    /// <summary>The repository of a <see cref="ShowRepository"/> answer; null when it cannot be read.</summary>
    public static ImageRepository? ReadRepository(Answer answer) => answer.IsSuccess ? ReadRepository(answer.Json) : null;

    /// <summary>The tags of a <see cref="ListTags"/> answer; null when it cannot be read.</summary>
    public static IReadOnlyList<ImageTag>? ReadTags(Answer answer) => AnswerFields.List(answer, answer.Json, node =>
        AnswerFields.Text(node, "Tag", "tag") is { } name
            ? new ImageTag(name, AnswerFields.Text(node, "digest"), AnswerFields.Number(node, "size"), AnswerFields.Time(node, "updated"))
            : null);

    /// <summary>The copies of a <see cref="ListJobs"/> answer; null when it cannot be read.</summary>
    public static IReadOnlyList<SyncJob>? ReadJobs(Answer answer) => AnswerFields.List(answer, answer.Json, ReadJob);

    /// <summary>The total of a paged answer, from Content-Range "offset-count/total"; null when it does not say.</summary>
    public static int? ReadTotal(Answer answer) =>
        answer.ContentRange?.Split('/') is [_, var total]
        && int.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>
    /// The cloud says that such a rule exists already. Its status and code are not documented, so the text decides, or any 409;
    /// list the rules and compare before telling anyone.
    /// </summary>
    public static bool SaysDuplicateRule(Answer answer) =>
        answer is { Kind: AnswerKind.Answered, Status: >= 400 }
        && (answer.Status == 409 && answer.ErrorCode != "SVCSTG.SWR.4090023"
            || (answer.ErrorMessage ?? answer.BodyExcerpt).Contains("duplicate sync repo", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The cloud says that the rule to delete is not there, or its repository or organization is not: documented as 404, observed as 400
    /// with SVCSTG.SWR.4001158. A 404 of the gateway (APIGW.0101) is about the address and does not count.
    /// </summary>
    public static bool SaysRuleMissing(Answer answer) =>
        answer is { Kind: AnswerKind.Answered, ErrorCode: { } code }
        && (code == "SVCSTG.SWR.4001158" || answer.Status == 404 && code.StartsWith("SVCSTG.SWR.404", StringComparison.Ordinal));

    /// <summary>The cloud is busy under another status than 429: wait and try again (SVCSTG.SWR.4031032, 4031042, 4090023).</summary>
    public static bool SaysBusy(Answer answer) =>
        answer is { Kind: AnswerKind.Answered, ErrorCode: "SVCSTG.SWR.4031032" or "SVCSTG.SWR.4031042" or "SVCSTG.SWR.4090023" };

    static SyncRule? ReadRule(JsonNode? node)
    {
        if (AnswerFields.Text(node, "remoteRegionId") is not { } region
            || AnswerFields.Text(node, "remoteNamespace") is not { } organization)
            return null;
        return new SyncRule(
            AnswerFields.Number(node, "id"), AnswerFields.Text(node, "namespace"), AnswerFields.Text(node, "repoName"),
            new SyncTarget(region, organization), AnswerFields.Flag(node, "syncAuto"), AnswerFields.Flag(node, "override"),
            AnswerFields.Time(node, "createdAt"), AnswerFields.Time(node, "updatedAt"));
    }

    static SyncJob? ReadJob(JsonNode? node) =>
        AnswerFields.Number(node, "id") is { } id && AnswerFields.Text(node, "tag") is { } tag && AnswerFields.Text(node, "status") is { } status
        && AnswerFields.Text(node, "remoteRegionId") is { } region && AnswerFields.Text(node, "remoteNamespace") is { } organization
            ? new SyncJob(
                id, tag, new SyncTarget(region, organization), AnswerFields.Flag(node, "override"), Redaction.Cut(Redaction.Printable(status), 40),
                AnswerFields.Text(node, "syncOperatorId"), AnswerFields.Text(node, "syncOperatorName"),
                AnswerFields.Time(node, "createdAt"), AnswerFields.Time(node, "updatedAt"))
            : null;

    static Organization? ReadOrganization(JsonNode? node) => AnswerFields.Text(node, "name") is { } name
        ? new Organization(
            name, AnswerFields.Number(node, "id"), AnswerFields.Number(node, "auth"), AnswerFields.Text(node, "creator_name"))
        : null;

    static ImageRepository? ReadRepository(JsonNode? node) => AnswerFields.Text(node, "name") is { } name
        ? new ImageRepository(
            name, AnswerFields.Text(node, "namespace"), AnswerFields.Number(node, "num_images"), AnswerFields.Number(node, "size"),
            AnswerFields.Flag(node, "is_public"), AnswerFields.Time(node, "updated_at", "updated"))
        : null;

    static CloudCall RuleCall(HttpMethod method, string region, string organization, string repository, JsonObject? body) => new()
    {
        Service = CloudService.Swr,
        Region = region,
        Method = method,
        Path = RepositoryPath(organization, repository) + "/sync_repo",
        Body = body,
    };

    static CloudCall Get(string region, string path, IReadOnlyList<KeyValuePair<string, string>>? query = null) =>
        new() { Service = CloudService.Swr, Region = region, Method = HttpMethod.Get, Path = path, Query = query ?? [] };

    static string RepositoryPath(string organization, string repository) =>
        CloudPath.Of("v2", "manage", "namespaces", organization, "repos", CloudPath.ImageSegment(repository));

    // The two are ignored by SWR unless they come together.
    static KeyValuePair<string, string>[] Page(int limit, int offset) =>
        [new("limit", limit.ToString(CultureInfo.InvariantCulture)), new("offset", offset.ToString(CultureInfo.InvariantCulture))];
}
