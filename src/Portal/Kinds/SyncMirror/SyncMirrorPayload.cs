using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Huawei;

namespace Portal.Kinds.SyncMirror;

/// <summary>
/// The fields of a mirror synchronization and their rules
/// (<see href="https://support.huaweicloud.com/api-codeartsrepo/StartRemoteMirrorSynchronization.html">StartRemoteMirrorSynchronization</see>).
/// A user name and password are never part of it: the payload only says whether they are given.
/// </summary>
public static partial class SyncMirrorPayload
{
    public const string Region = "region";
    public const string RepositoryId = "repositoryId";
    public const string ServiceEndpoint = "serviceEndpoint";
    public const string ForceFetch = "forceFetch";

    /// <summary>True when a user name and password go with the call: sealed beside the request, or typed after its approval.</summary>
    public const string LoginGiven = "loginGiven";

    /// <summary>All fields, in the order of the form.</summary>
    public static IReadOnlyList<string> Fields { get; } = [Region, RepositoryId, ServiceEndpoint, ForceFetch, LoginGiven];

    /// <summary>Reads and checks the fields.</summary>
    public static PayloadReading Read(JsonObject input, HuaweiOptions cloud)
    {
        var reader = new PayloadReader(input);
        var region = reader.Choice(Region, [.. cloud.Regions], "Field.UnknownRegion");
        var repository = reader.Number(RepositoryId, 1, int.MaxValue, "Field.RepositoryIdRange");
        var endpoint = reader.OptionalText(ServiceEndpoint, UuidPattern(), 36, "Field.ServiceEndpointPattern");
        var force = reader.Flag(ForceFetch);
        var login = reader.Flag(LoginGiven);
        if (endpoint is not null && login)
        {
            reader.Problem(ServiceEndpoint, "Field.EndpointOrLogin");
        }

        return reader.Done(new JsonObject
        {
            [Region] = region,
            [RepositoryId] = repository,
            [ServiceEndpoint] = endpoint,
            [ForceFetch] = force,
            [LoginGiven] = login,
        });
    }

    // The API shows 32 hexadecimal digits and the dashed form alike.
    [GeneratedRegex(@"^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\z", RegexOptions.NonBacktracking)]
    private static partial Regex UuidPattern();
}
