using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Huawei;

namespace Portal.Kinds;

/// <summary>Names of the fields that say from where to where images go.</summary>
public static class RouteField
{
    public const string SourceRegion = "sourceRegion";
    public const string Organization = "organization";
    public const string Repository = "repository";
    public const string TargetRegion = "targetRegion";
    public const string TargetOrganization = "targetOrganization";

    /// <summary>Where the images are.</summary>
    public static IReadOnlyList<string> Source { get; } = [SourceRegion, Organization, Repository];

    /// <summary>Where they go.</summary>
    public static IReadOnlyList<string> Target { get; } = [TargetRegion, TargetOrganization];

    /// <summary>All of them, in the order of the forms.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Source, .. Target];
}

/// <summary>From which image repository to which organization of another region: what every kind about copying images has in its payload.</summary>
public sealed partial record ImageRoute(string Region, string Organization, string Repository, SyncTarget Target)
{
    /// <summary>Organization and repository, as people write them.</summary>
    public string Image => $"{Organization}/{Repository}";

    /// <summary>The route in one line without language; <paramref name="what"/> names the part of the repository, or is null.</summary>
    public string Subject(string? what) => $"{Image}{(what is null ? "" : ": " + what)} ({Region}) → {Target.Organization} ({Target.Region})";

    /// <summary>Reads and checks the fields against the API's patterns and the configured regions.</summary>
    public static ImageRoute Read(PayloadReader reader, HuaweiOptions cloud)
    {
        var route = new ImageRoute(
            reader.Choice(RouteField.SourceRegion, [.. cloud.Regions], "Field.UnknownRegion"),
            reader.Text(RouteField.Organization, OrganizationPattern(), 64, "Field.OrganizationPattern"),
            reader.Text(RouteField.Repository, RepositoryPattern(), 128, "Field.RepositoryPattern"),
            new SyncTarget(
                reader.Choice(RouteField.TargetRegion, [.. cloud.Regions], "Field.UnknownRegion"),
                reader.Text(RouteField.TargetOrganization, OrganizationPattern(), 64, "Field.OrganizationPattern")));
        if (route.Region.Length > 0 && route.Region == route.Target.Region)
        {
            reader.Problem(RouteField.TargetRegion, "Field.SameRegion");
        }

        return route;
    }

    /// <summary>The route of a payload that passed its kind's rules.</summary>
    public static ImageRoute Of(JsonObject payload) => new(
        payload.Text(RouteField.SourceRegion),
        payload.Text(RouteField.Organization),
        payload.Text(RouteField.Repository),
        new SyncTarget(payload.Text(RouteField.TargetRegion), payload.Text(RouteField.TargetOrganization)));

    /// <summary>The fields as a payload holds them.</summary>
    public JsonObject ToJson() => new()
    {
        [RouteField.SourceRegion] = Region,
        [RouteField.Organization] = Organization,
        [RouteField.Repository] = Repository,
        [RouteField.TargetRegion] = Target.Region,
        [RouteField.TargetOrganization] = Target.Organization,
    };

    /// <summary>Whether a text can be the name of an organization and of a repository in it: only then it is worth asking the cloud.</summary>
    public static bool IsImage(string organization, string repository) =>
        organization.Length <= 64 && repository.Length <= 128 && OrganizationPattern().IsMatch(organization) && RepositoryPattern().IsMatch(repository);

    // \z, not $: $ would let a line feed at the end through.
    [GeneratedRegex(@"^[a-z][a-z0-9]*(?:(?:__?|[.-])[a-z0-9]+)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex OrganizationPattern();

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:__?|[./-])[a-z0-9]+)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryPattern();
}
