using Portal.Huawei;

namespace Portal.Kinds;

/// <summary>The tags of one repository as far as they were read.</summary>
/// <param name="Tags">What was found, by name, in the order of the cloud's list.</param>
/// <param name="Problem">The answer that could not be read; null when all could. A repository that is not there has no tags.</param>
/// <param name="Whole">True when there are no others.</param>
sealed record TagList(IReadOnlyDictionary<string, ImageTag> Tags, Answer? Problem, bool Whole)
{
    const int PageSize = 100;
    const int MostPages = 50;
    const int FewTags = 5;

    /// <summary>All tags, up to 5,000.</summary>
    public static Task<TagList> AllAsync(CloudClient cloud, string region, string organization, string repository, CancellationToken token) =>
        PagesAsync(cloud, region, organization, repository, _ => false, token);

    /// <summary>The tags of these names; those that are missing in a list without a problem are not there.</summary>
    public static async Task<TagList> NamedAsync(
        CloudClient cloud, string region, string organization, string repository, IReadOnlyCollection<string> names, CancellationToken token)
    {
        if (names.Count <= FewTags)
        {
            return await OneByOneAsync(cloud, region, organization, repository, names, token);
        }

        var list = await PagesAsync(cloud, region, organization, repository, found => names.All(found.ContainsKey), token);
        if (list.Problem is not null || list.Whole || names.All(list.Tags.ContainsKey))
        {
            return list;
        }

        var rest = await OneByOneAsync(cloud, region, organization, repository, [.. names.Where(name => !list.Tags.ContainsKey(name))], token);
        return rest with { Tags = list.Tags.Concat(rest.Tags).ToDictionary(StringComparer.Ordinal) };
    }

    /// <summary>The tag of that name in an answer to <see cref="Swr.ShowTag"/>; readable is false when the answer says nothing either way.</summary>
    public static (bool Readable, ImageTag? Tag) Read(Answer answer, string name) =>
        CheckFailure.SaysMissing(answer) ? (true, null)
        : Swr.ReadTags(answer) is { } tags ? (true, tags.FirstOrDefault(tag => tag.Name == name))
        : (false, null);

    static async Task<TagList> OneByOneAsync(
        CloudClient cloud, string region, string organization, string repository, IReadOnlyCollection<string> names, CancellationToken token)
    {
        var found = new Dictionary<string, ImageTag>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var answer = await cloud.ReadAsync(Swr.ShowTag(region, organization, repository, name), token);
            var (readable, tag) = Read(answer, name);
            if (!readable)
            {
                return new TagList(found, answer, Whole: false);
            }

            if (tag is not null)
            {
                found[name] = tag;
            }
        }

        return new TagList(found, null, Whole: false);
    }

    static async Task<TagList> PagesAsync(
        CloudClient cloud, string region, string organization, string repository, Func<IReadOnlyDictionary<string, ImageTag>, bool> enough,
        CancellationToken token)
    {
        var found = new Dictionary<string, ImageTag>(StringComparer.Ordinal);
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await cloud.ReadAsync(Swr.ListTags(region, organization, repository, PageSize, page * PageSize), token);
            if (CheckFailure.SaysMissing(answer))
            {
                return new TagList(found, null, Whole: true);
            }

            if (Swr.ReadTags(answer) is not { } tags)
            {
                return new TagList(found, answer, Whole: false);
            }

            foreach (var tag in tags)
            {
                // A push while we page may show a tag twice: the first is the newer one.
                found.TryAdd(tag.Name, tag);
            }

            if (tags.Count < PageSize)
            {
                return new TagList(found, null, Whole: true);
            }

            if (enough(found))
            {
                break;
            }
        }

        return new TagList(found, null, Whole: false);
    }
}
