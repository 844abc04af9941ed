using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Huawei;

/// <summary>A mirror as ShowRemoteMirror describes it; every field may be missing, texts are free of credentials. The words of
/// <paramref name="UpdateStatus"/> are not documented: unknown ones are normal.</summary>
public sealed record MirrorState(
    long? Id, long? RepositoryId, string? UpdateStatus, DateTimeOffset? LastUpdateAt, DateTimeOffset? LastSuccessfulUpdateAt,
    int NumberOfFailures, string? LastError, string? Url, bool? MirroringEnabled, bool? IsPrivate, string? EndpointUuid);

/// <summary>A CodeArts repository as the pickers show it.</summary>
public sealed record GitRepository(
    int Id, string Name, string? FullName, string? Project, string? HttpUrl, bool? Archived, DateTimeOffset? UpdatedAt);

/// <summary>CodeArts Repo, /v4: builds the calls and reads the answers. Pure; <see cref="CloudClient"/> sends.</summary>
public static class CodeArts
{
    /// <summary>
    /// Starts one fetch of a mirror (StartRemoteMirrorSynchronization). Left out what is null; "{}" when nothing is said.
    /// Not idempotent: a second call is a second fetch with another jid.
    /// </summary>
    public static CloudCall StartMirror(string region, int repositoryId, string? endpointUuid, bool? forceFetch, MirrorLogin? login)
    {
        var body = new JsonObject();
        login?.AddTo(body);
        if (endpointUuid is not null)
            body["endpoint_uuid"] = endpointUuid;
        if (forceFetch is { } force)
            body["force_fetch"] = force;
        return new CloudCall
        {
            Service = CloudService.CodeArtsRepo,
            Region = region,
            Method = HttpMethod.Post,
            Path = MirrorPath(repositoryId),
            Body = body,
        };
    }

    /// <summary>The mirror's settings and last results: the only way to learn what became of a start, as no call takes a jid.</summary>
    public static CloudCall ShowMirror(string region, int repositoryId) => Get(region, MirrorPath(repositoryId));

    /// <summary>Repositories of the account that signs; <paramref name="limit"/> 1-100, <paramref name="search"/> up to 512 characters.</summary>
    public static CloudCall ListRepositories(string region, int limit, int offset, string? search)
    {
        List<KeyValuePair<string, string>> query = [new("offset", Invariant(offset)), new("limit", Invariant(limit))];
        if (!string.IsNullOrEmpty(search))
            query.Add(new("search", search));
        return Get(region, "/v4/user/repositories") with { Query = query };
    }

    /// <summary>One repository by its number.</summary>
    public static CloudCall ShowRepository(string region, int repositoryId) =>
        Get(region, CloudPath.Of("v4", "repositories", Invariant(repositoryId)));

    /// <summary>The job id of a start; null when the answer has none.</summary>
    public static string? ReadJid(Answer answer) =>
        answer.IsSuccess && AnswerFields.Text(answer.Json, "jid") is { Length: <= 200 } jid ? Redaction.Printable(jid) : null;

    /// <summary>The mirror of a <see cref="ShowMirror"/> answer; null when it cannot be read.</summary>
    public static MirrorState? ReadMirror(Answer answer)
    {
        if (!answer.IsSuccess || answer.Json is not JsonObject mirror)
            return null;
        return new MirrorState(
            AnswerFields.Number(mirror, "id"), AnswerFields.Number(mirror, "repository_id"), Clean(mirror, "update_status", 100),
            AnswerFields.Time(mirror, "last_update_at"), AnswerFields.Time(mirror, "last_successful_update_at"),
            (int)Math.Clamp(AnswerFields.Number(mirror, "number_of_failures") ?? 0, 0, int.MaxValue),
            Clean(mirror, "last_error", 2000), Clean(mirror, "url", 2000),
            AnswerFields.Flag(mirror, "mirroring_enabled"), AnswerFields.Flag(mirror, "is_private"), Clean(mirror, "endpoint_uuid", 200));
    }

    /// <summary>The repositories of a <see cref="ListRepositories"/> answer; null when it cannot be read.</summary>
    public static IReadOnlyList<GitRepository>? ReadRepositories(Answer answer) =>
        AnswerFields.List(answer, answer.Json, ReadRepository);

    /// <summary>The repository of a <see cref="ShowRepository"/> answer; null when it cannot be read.</summary>
    public static GitRepository? ReadRepository(Answer answer) => answer.IsSuccess ? ReadRepository(answer.Json) : null;

    static GitRepository? ReadRepository(JsonNode? node) =>
        AnswerFields.Number(node, "id") is >= 1 and <= int.MaxValue and var id && Clean(node, "name", 512) is { } name
            ? new GitRepository(
                (int)id, name, Clean(node, "name_with_namespace", 1000), Clean(node, "project_name", 512),
                Clean(node, "http_url_to_repo", 2000), AnswerFields.Flag(node, "archived"),
                AnswerFields.Time(node, "last_repository_updated_at", "last_activity_at", "updated_at"))
            : null;

    static string? Clean(JsonNode? node, string name, int length) =>
        AnswerFields.Text(node, name) is { } text ? Redaction.Cut(Redaction.Scrub(text), length) : null;

    static string MirrorPath(int repositoryId) => CloudPath.Of("v4", "repositories", Invariant(repositoryId), "remote-mirror");

    static CloudCall Get(string region, string path) =>
        new() { Service = CloudService.CodeArtsRepo, Region = region, Method = HttpMethod.Get, Path = path };

    static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
