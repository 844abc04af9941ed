using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Huawei;

namespace Portal.Kinds.KeepCopying;

/// <summary>
/// The fields of a <c>sync_repo</c> rule and their rules
/// (<see href="https://support.huaweicloud.com/api-swr/swr_02_0012.html">CreateImageSyncRepo</see>).
/// </summary>
public static partial class KeepCopyingPayload
{
    public const string SourceRegion = "sourceRegion";
    public const string Organization = "organization";
    public const string Repository = "repository";
    public const string TargetRegion = "targetRegion";
    public const string TargetOrganization = "targetOrganization";
    public const string SyncAuto = "syncAuto";
    public const string Override = "override";

    /// <summary>All fields, in the order of the form.</summary>
    public static IReadOnlyList<string> Fields { get; } =
        [SourceRegion, Organization, Repository, TargetRegion, TargetOrganization, SyncAuto, Override];

    /// <summary>Reads and checks the fields against the API's patterns and the configured regions.</summary>
    public static PayloadReading Read(JsonObject input, HuaweiOptions cloud)
    {
        var reader = new PayloadReader(input);
        var sourceRegion = reader.Choice(SourceRegion, [.. cloud.Regions], "Field.UnknownRegion");
        var organization = reader.Text(Organization, OrganizationPattern(), 64, "Field.OrganizationPattern");
        var repository = reader.Text(Repository, RepositoryPattern(), 128, "Field.RepositoryPattern");
        var targetRegion = reader.Choice(TargetRegion, [.. cloud.Regions], "Field.UnknownRegion");
        var targetOrganization = reader.Text(TargetOrganization, OrganizationPattern(), 64, "Field.OrganizationPattern");
        var syncAuto = reader.Flag(SyncAuto);
        var overwrite = reader.Flag(Override);
        if (sourceRegion.Length > 0 && sourceRegion == targetRegion)
        {
            reader.Problem(TargetRegion, "Field.SameRegion");
        }

        return reader.Done(new JsonObject
        {
            [SourceRegion] = sourceRegion,
            [Organization] = organization,
            [Repository] = repository,
            [TargetRegion] = targetRegion,
            [TargetOrganization] = targetOrganization,
            [SyncAuto] = syncAuto,
            [Override] = overwrite,
        });
    }

    /// <summary>Where the copies go.</summary>
    public static SyncTarget TargetOf(JsonObject payload) => new(payload.Text(TargetRegion), payload.Text(TargetOrganization));

    // \z, not $: $ would let a line feed at the end through.
    [GeneratedRegex(@"^[a-z][a-z0-9]*(?:(?:__?|[.-])[a-z0-9]+)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex OrganizationPattern();

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:__?|[./-])[a-z0-9]+)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryPattern();
}
