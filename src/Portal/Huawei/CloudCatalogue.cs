using System.Collections.Concurrent;

namespace Portal.Huawei;

/// <summary>What a picker offers: the items that could be read, and what went wrong if not all could.</summary>
public sealed record Listing<T>(IReadOnlyList<T> Items, Answer? Problem);

/// <summary>
/// Lists of real objects for pickers, shared for 30 seconds, at most 1,000 items. The cloud's faults come back as
/// <see cref="Listing{T}.Problem"/>; only a cancelled caller gets an exception.
/// </summary>
public sealed class CloudCatalogue(CloudClient client, TimeProvider clock)
{
    /// <summary>The longest list that is had.</summary>
    public const int MostItems = 1000;

    const int MostEntries = 500;
    const int PageSize = 100;
    static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<(string Kind, string Region, string Within), (DateTimeOffset At, object Items)> _cache = new();

    public Task<Listing<Organization>> OrganizationsAsync(string region, CancellationToken token) =>
        ListAsync("organizations", region, "", MostItems, _ => Swr.ListOrganizations(region), Swr.ReadOrganizations, token);

    public Task<Listing<ImageRepository>> RepositoriesAsync(string region, string organization, CancellationToken token) =>
        ListAsync("repositories", region, organization, PageSize,
            offset => Swr.ListRepositories(region, organization, PageSize, offset), Swr.ReadRepositories, token);

    /// <summary>The tags of a repository, newest first as the cloud lists them.</summary>
    public Task<Listing<ImageTag>> TagsAsync(string region, string organization, string repository, CancellationToken token) =>
        // No name holds a line feed.
        ListAsync("tags", region, $"{organization}\n{repository}", PageSize,
            offset => Swr.ListTags(region, organization, repository, PageSize, offset), Swr.ReadTags, token);

    /// <summary>The rules of a repository that the cloud lists.</summary>
    public Task<Listing<SyncRule>> RulesAsync(string region, string organization, string repository, CancellationToken token) =>
        ListAsync("rules", region, $"{organization}\n{repository}", MostItems,
            _ => Swr.ListRules(region, organization, repository), Swr.ReadRules, token);

    public Task<Listing<GitRepository>> GitRepositoriesAsync(string region, CancellationToken token) =>
        ListAsync("git", region, "", PageSize,
            offset => CodeArts.ListRepositories(region, PageSize, offset, null), CodeArts.ReadRepositories, token);

    async Task<Listing<T>> ListAsync<T>(
        string kind, string region, string within, int pageSize,
        Func<int, CloudCall> page, Func<Answer, IReadOnlyList<T>?> read, CancellationToken token)
    {
        var key = (kind, region, within);
        var now = clock.GetUtcNow();
        if (_cache.TryGetValue(key, out var kept) && now - kept.At < Freshness)
            return new Listing<T>((IReadOnlyList<T>)kept.Items, null);

        List<T> items = [];
        for (var offset = 0; offset < MostItems; offset += pageSize)
        {
            var answer = await client.ReadAsync(page(offset), token);
            if (read(answer) is not { } found)
                return new Listing<T>(items, answer.IsSuccess ? answer with { Unreadable = true } : answer);
            items.AddRange(found.Take(MostItems - items.Count));
            if (found.Count < pageSize)
                break;
        }

        Keep(key, now, items);
        return new Listing<T>(items, null);
    }

    void Keep((string Kind, string Region, string Within) key, DateTimeOffset now, object items)
    {
        // People type organization names, so the number of keys must not grow without end.
        if (_cache.Count >= MostEntries)
            _cache.Clear();
        _cache[key] = (now, items);
    }
}
