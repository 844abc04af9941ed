using System.Globalization;
using CloudSimulator.Gateway;
using CloudSimulator.Iam;

namespace CloudSimulator.CodeArts;

/// <summary>The user's repositories, as v4 and as the older v2 list them (huawei-api 2.6).</summary>
static class RepositoryLists
{
    const int LongestSearch = 512;
    static readonly int[] Activity = [0, 3, 1, 0, 5, 2, 0];

    public static void Map(IEndpointRouteBuilder service)
    {
        service.MapGet("/v4/user/repositories", OfUser);
        service.MapGet("/v2/projects/repositories", OfUserVersion2);
    }

    static IResult OfUser(string region, HttpContext context, RepositoryStore store)
    {
        var query = context.Request.Query;
        if (Number(query["offset"], 0, 0, int.MaxValue) is not { } offset || Number(query["limit"], 20, 1, 100) is not { } limit
            || Text(query["order_by"], "created_at") is not ("created_at" or "updated_at") || Text(query["sort"], "desc") is not ("asc" or "desc")
            || Text(query["archived"], "false") is not ("true" or "false") || query["search"].ToString().Length > LongestSearch)
            return CodeArtsError.ParameterInvalid;
        var isArchived = Text(query["archived"], "false") == "true";
        var found = Search(store.Listed(region), query["search"].ToString()).Where(r => r.Archived == isArchived);
        Func<GitRepository, DateTimeOffset> key = Text(query["order_by"], "created_at") == "created_at" ? r => r.Created : r => r.Updated;
        var ordered = Text(query["sort"], "desc") == "desc" ? found.OrderByDescending(key) : found.OrderBy(key);
        return CloudJson.Answer(ordered.ThenBy(r => r.Id).Skip(offset).Take(limit).Select(r => new
        {
            id = r.Id,
            uuid = r.Uuid,
            name = r.Name,
            @namespace = r.Group,
            path = r.Name,
            name_with_namespace = $"{r.Group} / {r.Name}",
            description = r.Description,
            develop_mode = "normal",
            visibility = "private",
            security = "",
            status = 0,
            archived = r.Archived,
            starred = false,
            star_count = 0,
            forks_count = 0,
            open_issues_count = 0,
            open_merge_requests_count = 2,
            member_count = 9,
            creator_id = 4021,
            active_statistic = Activity,
            last_activity_at = CloudJson.CodeArtsTime(r.Updated),
            last_repository_updated_at = CloudJson.CodeArtsTime(r.Updated),
            ssh_url_to_repo = r.SshUrl,
            http_url_to_repo = r.HttpUrl,
            project_id = r.ProjectId,
            project_name = r.Group,
            project_is_delete = false,
        }).ToList());
    }

    static IResult OfUserVersion2(string region, HttpContext context, RepositoryStore store, Account account)
    {
        var query = context.Request.Query;
        if (Number(query["page_index"], 1, 1, int.MaxValue) is not { } page || Number(query["page_size"], 100, 1, 100) is not { } size || query["search"].ToString().Length > LongestSearch)
            return CloudJson.Answer(new { error = new { code = "DEV.CH.10001", message = "The parameter is invalid" }, status = "failed" });
        var found = Search(store.Listed(region), query["search"].ToString()).OrderBy(r => r.Id).ToList();
        return CloudJson.Answer(new
        {
            result = new
            {
                total = found.Count,
                repositories = found.Skip((int)Math.Min((page - 1L) * size, int.MaxValue)).Take(size).Select(r => new
                {
                    repository_id = r.Id,
                    repository_uuid = r.Uuid,
                    repository_name = r.Name,
                    ssh_url = r.SshUrl,
                    https_url = r.HttpUrl,
                    group_name = r.Group,
                    web_url = $"https://devcloud.{r.Region}.huaweicloud.com/codehub/{r.Id}/home",
                    visibility_level = 0,
                    created_at = LegacyTime(r.Created),
                    updated_at = LegacyTime(r.Updated),
                    repository_size = "12.40M",
                    lfs_size = "0.00M",
                    creator_name = account.User,
                    domain_name = account.Name,
                    is_owner = r.Access == RepositoryAccess.Set ? 1 : 0,
                    iam_user_uuid = account.UserId,
                    project_uuid = r.ProjectId,
                    project_is_deleted = "false",
                    star = false,
                    status = 0,
                    userRole = r.Access == RepositoryAccess.Set ? 40 : 20,
                }).ToList(),
            },
            status = "success",
        });
    }

    static IEnumerable<GitRepository> Search(IEnumerable<GitRepository> all, string text) =>
        all.Where(r => text.Length == 0 || $"{r.Group}/{r.Name}".Contains(text, StringComparison.OrdinalIgnoreCase));

    static int? Number(string? text, int ifAbsent, int least, int most)
    {
        if (string.IsNullOrEmpty(text))
            return ifAbsent;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
    }

    static string Text(string? text, string ifAbsent) => string.IsNullOrEmpty(text) ? ifAbsent : text;

    static string LegacyTime(DateTimeOffset time) => time.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
