using System.Text.Json;
using CloudSimulator.Gateway;
using CloudSimulator.Iam;

namespace CloudSimulator.Swr;

/// <summary>Reading regions, organizations, repositories and tags (huawei-api 1.7, 1.8).</summary>
static class ListingEndpoints
{
    public static void Map(IEndpointRouteBuilder manage)
    {
        manage.MapGet("/regions", () => CloudJson.Answer(Regions.SyncTargets.Select(region => new { regionID = region, registryURL = $"swr.{region}.myhuaweicloud.com" })));
        manage.MapGet("/namespaces", ListOrganizations);
        manage.MapGet("/namespaces/{ns}", ShowOrganization);
        manage.MapGet("/repos", ListRepositories);
        manage.MapGet("/namespaces/{ns}/repos/{repo}", ShowRepository);
        manage.MapGet("/namespaces/{ns}/repos/{repo}/tags", ListTags);
    }

    static IResult ListOrganizations(string region, HttpContext context, Registry registry, SwrErrorSwitches errors)
    {
        if (Query(context) is not { } query)
            return errors.Answer(SwrError.FilterInvalid);
        var name = query.GetValueOrDefault("namespace");
        return registry.Read(_ => CloudJson.Answer(new
        {
            namespaces = registry.Organizations(region).Where(o => name is null || o.Name == name).Select(OrganizationBody).ToList(),
        }));
    }

    static IResult ShowOrganization(string region, string ns, Registry registry, SwrErrorSwitches errors) => registry.Read(_ =>
        registry.Organizations(region).FirstOrDefault(o => o.Name == ns) is { } organization
            ? CloudJson.Answer(OrganizationBody(organization))
            : errors.Answer(SwrError.NamespaceMissing));

    static object OrganizationBody(Organization o) => new { id = o.Id, name = o.Name, creator_name = o.Creator, auth = o.Auth };

    static IResult ListRepositories(string region, HttpContext context, Registry registry, SwrErrorSwitches errors, Account account)
    {
        if (Query(context) is not { } query)
            return errors.Answer(SwrError.FilterInvalid);
        var (page, pageError) = PageOf(query);
        if (page is null)
            return errors.Answer(pageError!);
        if (Ordering(query) is not { } order)
            return errors.Answer(SwrError.OrderColumn);
        // Inside a filter the name is searched for, as a parameter of its own it has to be equal.
        var isFuzzy = context.Request.Query.ContainsKey("filter");
        bool Matches(string key, string value) => !query.TryGetValue(key, out var wanted)
            || (isFuzzy && key == "name" ? value.Contains(wanted, StringComparison.Ordinal) : value == wanted);
        return registry.Read(_ =>
        {
            var all = order([.. registry.Organizations(region)
                .Where(o => Matches("namespace", o.Name))
                .SelectMany(o => o.Repositories.Values)
                .Where(r => Matches("name", r.Name) && Matches("category", r.Category))]);
            return page.Answer(context, all, r => RepositoryItem(r, account, all.Count));
        });
    }

    static object RepositoryItem(ImageRepository r, Account account, int total) => new
    {
        name = r.Name,
        category = r.Category,
        description = r.Description,
        size = r.Tags.Values.Sum(tag => tag.Size),
        is_public = false,
        num_images = r.Tags.Count,
        num_download = r.Downloads,
        created_at = CloudJson.SwrTime(r.Created),
        updated_at = CloudJson.SwrTime(r.Updated),
        logo = "",
        url = "",
        path = r.Path,
        internal_path = r.InternalPath,
        domain_name = account.Name,
        @namespace = r.Organization.Name,
        tags = r.Tags.Values.OrderByDescending(tag => tag.Updated).Select(tag => tag.Name).ToList(),
        status = false,
        total_range = total,
    };

    static IResult ShowRepository(string region, string ns, string repo, Registry registry, SwrErrorSwitches errors, Account account) => registry.Read(_ =>
    {
        var (r, error) = registry.Find(region, ns, SwrNames.FromPath(repo));
        return r is null ? errors.Answer(error!) : CloudJson.Answer(new
        {
            id = r.Id,
            ns_id = r.Organization.Id,
            name = r.Name,
            category = r.Category,
            description = r.Description,
            creator_id = account.UserId,
            creator_name = account.User,
            size = r.Tags.Values.Sum(tag => tag.Size),
            is_public = false,
            num_images = r.Tags.Count,
            num_download = r.Downloads,
            url = "",
            path = r.Path,
            internal_path = r.InternalPath,
            created = CloudJson.SwrTime(r.Created),
            updated = CloudJson.SwrTime(r.Updated),
            domain_id = account.DomainId,
            priority = 0,
        });
    });

    static IResult ListTags(string region, string ns, string repo, HttpContext context, Registry registry, SwrErrorSwitches errors, Account account)
    {
        if (Query(context) is not { } query)
            return errors.Answer(SwrError.FilterInvalid);
        var (page, pageError) = PageOf(query);
        if (page is null)
            return errors.Answer(pageError!);
        if (query.GetValueOrDefault("order_column") is not (null or "updated_at"))
            return errors.Answer(SwrError.OrderColumn);
        return registry.Read(_ =>
        {
            var (repository, error) = registry.Find(region, ns, SwrNames.FromPath(repo));
            if (repository is null)
                return errors.Answer(error!);
            var tags = repository.Tags.Values.Where(tag => !query.TryGetValue("tag", out var wanted) || tag.Name == wanted);
            tags = query.GetValueOrDefault("order_type") == "asc" ? tags.OrderBy(tag => tag.Updated) : tags.OrderByDescending(tag => tag.Updated);
            return page.Answer(context, [.. tags], tag => TagItem(repository, tag, account));
        });
    }

    static object TagItem(ImageRepository repository, ImageTag tag, Account account) => new
    {
        id = tag.Id,
        repo_id = repository.Id,
        Tag = tag.Name,
        image_id = tag.Digest["sha256:".Length..],
        manifest = JsonSerializer.Serialize(new { schemaVersion = 2, mediaType = "application/vnd.docker.distribution.manifest.v2+json" }),
        digest = tag.Digest,
        schema = 2,
        path = $"{repository.Path}:{tag.Name}",
        internal_path = $"{repository.InternalPath}:{tag.Name}",
        size = tag.Size,
        is_trusted = false,
        created = CloudJson.SwrTime(tag.Created),
        updated = CloudJson.SwrTime(tag.Updated),
        deleted = (string?)null,
        domain_id = account.DomainId,
        scanned = false,
        tag_type = 0,
    };

    /// <summary>The parameters that count: those of the filter alone when there is one. Null when the filter is malformed.</summary>
    static Dictionary<string, string>? Query(HttpContext context) =>
        context.Request.Query.TryGetValue("filter", out var filter)
            ? ListFilter.Parse(filter)
            : context.Request.Query.Where(pair => pair.Value.ToString().Length > 0).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);

    /// <summary>Limit and offset count only together (huawei-api 1.8).</summary>
    static (Page? Page, SwrError? Error) PageOf(Dictionary<string, string> query)
    {
        if (!query.TryGetValue("limit", out var limit) || !query.TryGetValue("offset", out var offset))
            return (Page.Default, null);
        return Page.Of(limit, offset) is { } page ? (page, null) : (null, SwrError.ParameterInvalid);
    }

    /// <summary>Column and direction count only together. <c>updated_at</c> is documented and refused all the same (huawei-api 1.8).</summary>
    static Func<List<ImageRepository>, List<ImageRepository>>? Ordering(Dictionary<string, string> query)
    {
        if (!query.TryGetValue("order_column", out var column) || !query.TryGetValue("order_type", out var direction))
            return all => all;
        Comparison<ImageRepository>? ascending = column switch
        {
            "name" => (a, b) => string.CompareOrdinal(a.Name, b.Name),
            "updated_time" => (a, b) => a.Updated.CompareTo(b.Updated),
            "tag_count" => (a, b) => a.Tags.Count.CompareTo(b.Tags.Count),
            _ => null,
        };
        if (ascending is null)
            return null;
        var compare = Comparer<ImageRepository>.Create(ascending);
        return all => [.. direction == "desc" ? all.OrderDescending(compare) : all.Order(compare)];
    }
}
