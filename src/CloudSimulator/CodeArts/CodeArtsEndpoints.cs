using System.Globalization;
using CloudSimulator.Gateway;

namespace CloudSimulator.CodeArts;

/// <summary>CodeArts Repo: the mirror calls and one repository (huawei-api 2.1, 2.2, 2.6). The lists are in <see cref="RepositoryLists"/>.</summary>
static class CodeArtsEndpoints
{
    public static void AddCodeArts(this IServiceCollection services) => services.AddSingleton<RepositoryStore>();

    public static void MapCodeArts(this WebApplication app)
    {
        var service = app.MapGroup("/codearts/{region}");
        CredentialCheck.Guard(service, CloudService.CodeArts);
        service.MapPost("/v4/repositories/{id}/remote-mirror", StartMirror);
        service.MapGet("/v4/repositories/{id}/remote-mirror", ShowMirror);
        service.MapGet("/v4/repositories/{id}", ShowRepository);
        RepositoryLists.Map(service);
    }

    static IResult StartMirror(string region, string id, HttpContext context, RepositoryStore store)
    {
        var (repository, refusal) = Find(store, region, id, toStart: true);
        if (repository is null)
            return refusal!;
        if (MirrorStartBody.Read(ReceivedRequest.Of(context)) is not { } body)
            return CodeArtsError.ParameterInvalid;
        return store.StartMirror(region, repository.Id, body.EndpointUuid) is { } jid ? CloudJson.Answer(new { jid }) : CodeArtsError.NotFound;
    }

    static IResult ShowMirror(string region, string id, RepositoryStore store)
    {
        var (repository, refusal) = Find(store, region, id, toStart: false);
        if (repository is null)
            return refusal!;
        var shown = store.ReadMirror(region, repository.Id, mirror => new
        {
            id = mirror.Id,
            repository_id = repository.Id,
            update_status = mirror.UpdateStatus,
            last_update_at = TimeOrNull(mirror.LastUpdateAt),
            last_successful_update_at = TimeOrNull(mirror.LastSuccessfulUpdateAt),
            number_of_failures = mirror.NumberOfFailures,
            last_error = mirror.LastError,
            url = mirror.Url,
            mirroring_enabled = mirror.MirroringEnabled,
            is_private = mirror.IsPrivate,
            endpoint_uuid = mirror.EndpointUuid,
        });
        return shown is null ? CodeArtsError.NotFound : CloudJson.Answer(shown);
    }

    static IResult ShowRepository(string region, string id, RepositoryStore store)
    {
        var (r, refusal) = Find(store, region, id, toStart: false);
        if (r is null)
            return refusal!;
        var importedFrom = store.ReadMirror(region, r.Id, mirror => mirror.Url);
        return CloudJson.Answer(new
        {
            id = r.Id,
            uuid = r.Uuid,
            name = r.Name,
            path_with_namespace = $"{r.Group}/{r.Name}",
            name_with_namespace = $"{r.Group} / {r.Name}",
            project_id = r.ProjectId,
            project_name = r.Group,
            ssh_url_to_repo = r.SshUrl,
            http_url_to_repo = r.HttpUrl,
            default_branch = "main",
            visibility = "private",
            archived = r.Archived,
            empty_repo = false,
            import_status = importedFrom is null ? "none" : "finished",
            import_url = importedFrom,
            import_error = (string?)null,
            created_at = CloudJson.CodeArtsTime(r.Created),
            updated_at = CloudJson.CodeArtsTime(r.Updated),
            branch_count = 7,
            tag_count = 31,
            member_count = 9,
        });
    }

    static (GitRepository? Repository, IResult? Refusal) Find(RepositoryStore store, string region, string id, bool toStart)
    {
        if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            return (null, CodeArtsError.ParameterInvalid);
        if (store.Find(region, number) is not { } repository)
            return (null, CodeArtsError.NotFound);
        return repository.Access switch
        {
            RepositoryAccess.Set => (repository, null),
            RepositoryAccess.Read => toStart ? (null, CodeArtsError.Forbidden) : (repository, null),
            RepositoryAccess.None => (null, CodeArtsError.Forbidden),
            RepositoryAccess.MembershipEnded => (null, CodeArtsError.MembershipEnded),
            _ => throw new InvalidOperationException($"Access {repository.Access} has no answer."),
        };
    }

    static string? TimeOrNull(DateTimeOffset? time) => time is { } known ? CloudJson.CodeArtsTime(known) : null;
}
