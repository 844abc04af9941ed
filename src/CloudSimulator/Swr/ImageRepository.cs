namespace CloudSimulator.Swr;

/// <summary>A place for images in one region.</summary>
/// <param name="Auth">What the sample user may do: 7 manage, 3 edit, 1 read.</param>
sealed record Organization(int Id, string Region, string Name, int Auth, string Creator)
{
    public Dictionary<string, ImageRepository> Repositories { get; } = new(StringComparer.Ordinal);
}

/// <summary>An image repository with its tags, the rules that copy it elsewhere, and the jobs that did.</summary>
sealed class ImageRepository(int id, Organization organization, string name, string category, string description, DateTimeOffset created)
{
    public int Id { get; } = id;
    public Organization Organization { get; } = organization;
    public string Name { get; } = name;
    public string Category { get; } = category;
    public string Description { get; } = description;
    public DateTimeOffset Created { get; } = created;
    public DateTimeOffset Updated { get; set; } = created;
    public int Downloads { get; init; }
    public Dictionary<string, ImageTag> Tags { get; } = new(StringComparer.Ordinal);
    public List<SyncRule> Rules { get; } = [];
    public List<SyncJob> Jobs { get; } = [];

    public string Path => $"swr.{Organization.Region}.myhuaweicloud.com/{Organization.Name}/{Name}";
    public string InternalPath => $"10.125.0.198:20202/{Organization.Name}/{Name}";
}

/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="Size">Bytes.</param>
sealed record ImageTag(int Id, string Name, string Digest, long Size, DateTimeOffset Created, DateTimeOffset Updated);

/// <summary>Where images go.</summary>
sealed record SyncTarget(string Region, string Namespace);

/// <summary>A rule of <c>sync_repo</c>. One with <paramref name="SyncAuto"/> false is stored, never fires and is never listed (huawei-api 1.11).</summary>
sealed record SyncRule(int Id, SyncTarget Target, bool SyncAuto, bool Override, DateTimeOffset CreatedAt);

/// <summary>The copy of one tag to one target. Its state follows from the time alone; how it ends is settled when its time has come.</summary>
sealed class SyncJob(int id, ImageRepository source, ImageTag? tag, string tagName, SyncTarget target, bool isOverride, DateTimeOffset createdAt, TimeSpan takes)
{
    public int Id { get; } = id;
    public ImageRepository Source { get; } = source;

    /// <summary>The tag as it was when the job was made; null when there was none of that name.</summary>
    public ImageTag? Tag { get; } = tag;
    public string TagName { get; } = tagName;
    public SyncTarget Target { get; } = target;
    public bool Override { get; } = isOverride;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public DateTimeOffset RunsAt { get; } = createdAt + (takes / 4);
    public DateTimeOffset EndsAt { get; } = createdAt + takes;

    /// <summary><c>success</c>, <c>failed</c> or <c>existed</c>; null until the job has ended.</summary>
    public string? Outcome { get; set; }

    public string StatusAt(DateTimeOffset now) => Outcome ?? (now < RunsAt ? "waiting" : "running");

    public DateTimeOffset UpdatedAt(DateTimeOffset now) => Outcome is not null ? EndsAt : now < RunsAt ? CreatedAt : RunsAt;
}
