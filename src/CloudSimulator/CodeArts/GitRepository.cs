using CloudSimulator.Gateway;

namespace CloudSimulator.CodeArts;

/// <summary>What the sample user may do with a repository.</summary>
enum RepositoryAccess
{
    /// <summary>Read it and start its mirror.</summary>
    Set,

    /// <summary>Read it; a mirror start answers 403.</summary>
    Read,

    /// <summary>Nothing, 403 everywhere and in no list.</summary>
    None,

    /// <summary>No longer a member: 401 CH.080401 (huawei-api 2.8) and in no list.</summary>
    MembershipEnded,
}

/// <summary>A Git repository of CodeArts Repo; a mirror when it was imported from elsewhere.</summary>
sealed record GitRepository(string Region, int Id, string Group, string Name, string Description, RepositoryAccess Access, DateTimeOffset Created, DateTimeOffset Updated)
{
    public bool Archived { get; init; }

    /// <summary>Null for an ordinary repository.</summary>
    public Mirror? Mirror { get; init; }

    public string Uuid => Regions.StableId("repository", $"{Region}/{Id}");
    public string ProjectId => Regions.StableId("codearts-project", Group);
    public string SshUrl => $"git@codehub-{Region}.devcloud.huaweicloud.com:{Group}/{Name}.git";
    public string HttpUrl => $"https://codehub-{Region}.devcloud.huaweicloud.com/{Group}/{Name}.git";
    public bool IsListed => Access is RepositoryAccess.Set or RepositoryAccess.Read;
}
