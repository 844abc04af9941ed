using CloudSimulator.Gateway;
using CloudSimulator.Iam;

namespace CloudSimulator.Swr;

/// <summary><c>sync_repo</c>: create, list and delete the rules of a repository (huawei-api 1.2 to 1.4).</summary>
static class SyncRuleEndpoints
{
    const int MostListed = 100;

    public static void Map(IEndpointRouteBuilder repository)
    {
        repository.MapPost("/sync_repo", Create);
        repository.MapGet("/sync_repo", List);
        repository.MapDelete("/sync_repo", Delete);
    }

    static IResult Create(string region, string ns, string repo, HttpContext context, Registry registry, SwrErrorSwitches errors)
    {
        var (body, problem) = SyncBody.Read(ReceivedRequest.Of(context), withTags: false);
        if (body is null)
            return errors.Answer(problem!);
        return registry.CreateRule(region, ns, SwrNames.FromPath(repo), body.Target, body.SyncAuto, body.Override) is { } error
            ? errors.Answer(error)
            : CloudJson.Answer(new { });
    }

    static IResult List(string region, string ns, string repo, Registry registry, SwrErrorSwitches errors, Account account) => registry.Read(_ =>
    {
        var (repository, error) = registry.Find(region, ns, SwrNames.FromPath(repo));
        if (repository is null)
            return errors.Answer(error!);
        return CloudJson.Answer(repository.Rules.Where(rule => rule.SyncAuto).Take(MostListed).Select(rule => new
        {
            id = rule.Id,
            @namespace = ns,
            repoName = repository.Name,
            remoteRegionId = rule.Target.Region,
            remoteNamespace = rule.Target.Namespace,
            syncAuto = rule.SyncAuto,
            @override = rule.Override,
            domainID = account.DomainId,
            domainName = account.Name,
            createdAt = CloudJson.SwrTime(rule.CreatedAt),
            updatedAt = CloudJson.SwrTime(rule.CreatedAt),
        }).ToList());
    });

    static IResult Delete(string region, string ns, string repo, HttpContext context, Registry registry, SwrErrorSwitches errors)
    {
        var (body, problem) = SyncBody.Read(ReceivedRequest.Of(context), withTags: false);
        if (body is null)
            return errors.Answer(problem!);
        return registry.DeleteRule(region, ns, SwrNames.FromPath(repo), body.Target) is { } error ? errors.Answer(error) : Results.Ok();
    }
}
