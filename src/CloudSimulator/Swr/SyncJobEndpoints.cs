using CloudSimulator.Gateway;
using CloudSimulator.Iam;

namespace CloudSimulator.Swr;

/// <summary><c>sync_images</c> copies tags once, <c>sync_job</c> shows what became of every copy (huawei-api 1.5, 1.6).</summary>
static class SyncJobEndpoints
{
    public static void Map(IEndpointRouteBuilder repository)
    {
        repository.MapPost("/sync_images", CopyOnce);
        repository.MapGet("/sync_job", List);
    }

    static IResult CopyOnce(string region, string ns, string repo, HttpContext context, Registry registry, SwrErrorSwitches errors)
    {
        var (body, problem) = SyncBody.Read(ReceivedRequest.Of(context), withTags: true);
        if (body is null)
            return errors.Answer(problem!);
        return registry.CopyTags(region, ns, SwrNames.FromPath(repo), body.Tags, body.Target, body.Override) is { } error
            ? errors.Answer(error)
            : CloudJson.Answer(Array.Empty<string>());
    }

    static IResult List(string region, string ns, string repo, string? filter, HttpContext context, Registry registry, SwrErrorSwitches errors, Account account)
    {
        var parts = ListFilter.Parse(filter);
        if (parts is null || Page.Of(parts.GetValueOrDefault("limit"), parts.GetValueOrDefault("offset")) is not { } page
            || parts.GetValueOrDefault("order") is not (null or "asc" or "desc"))
            return errors.Answer(SwrError.FilterInvalid);
        return registry.Read(now =>
        {
            var (repository, error) = registry.Find(region, ns, SwrNames.FromPath(repo));
            if (repository is null)
                return errors.Answer(error!);
            var jobs = parts.GetValueOrDefault("order") == "asc" ? repository.Jobs.OrderBy(job => job.CreatedAt) : repository.Jobs.OrderByDescending(job => job.CreatedAt);
            return page.Answer(context, [.. jobs.ThenBy(job => job.Id)], job => new
            {
                id = job.Id,
                @namespace = ns,
                repoName = repository.Name,
                tag = job.TagName,
                remoteRegionId = job.Target.Region,
                remoteNamespace = job.Target.Namespace,
                @override = job.Override,
                status = job.StatusAt(now),
                syncOperatorId = account.UserId,
                syncOperatorName = account.User,
                domainID = account.DomainId,
                domainName = account.Name,
                createdAt = CloudJson.SwrTime(job.CreatedAt),
                updatedAt = CloudJson.SwrTime(job.UpdatedAt(now)),
            });
        });
    }
}
