using System.Security.Cryptography;
using System.Text;

namespace CloudSimulator.Gateway;

/// <summary>Regions and the one project that the sample account has in each (huawei-api section 6 and 1.11).</summary>
static class Regions
{
    /// <summary>Regions that have an SWR endpoint (huawei-api 6.1).</summary>
    public static readonly IReadOnlyList<string> Swr =
    [
        "af-south-1", "af-north-1", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
        "cn-east-2", "cn-east-3", "cn-east-4", "cn-east-5", "cn-north-1", "cn-north-2", "cn-north-4", "cn-north-9", "cn-north-11", "cn-north-12",
        "cn-south-1", "cn-south-2", "cn-south-4", "cn-southwest-2", "cn-southwest-3", "ru-northwest-2", "ru-moscow-1", "la-south-2", "la-north-2",
        "sa-brazil-1", "sa-peru-1", "na-mexico-1", "tr-west-1", "ae-ad-1", "eu-west-101", "eu-west-0", "my-kualalumpur-1", "me-east-1",
    ];

    /// <summary>Regions that an image may be synchronised to (user guide, huawei-api 1.11).</summary>
    public static readonly IReadOnlyList<string> SyncTargets =
    [
        "cn-north-1", "cn-north-4", "cn-north-9", "cn-east-3", "cn-east-2", "cn-south-1", "cn-southwest-2",
        "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "af-south-1",
    ];

    /// <summary>Regions that have CodeArts Repo (huawei-api 6.2).</summary>
    public static readonly IReadOnlyList<string> CodeArts =
    [
        "cn-north-1", "cn-north-4", "cn-east-2", "cn-east-3", "cn-south-1", "cn-south-2", "cn-southwest-2", "ap-southeast-3",
        "sa-brazil-1", "la-north-2", "la-south-2", "tr-west-1", "eu-west-101", "me-east-1", "af-south-1", "af-north-1",
    ];

    public static bool Has(CloudService service, string region) => service switch
    {
        CloudService.Iam => Swr.Contains(region),
        CloudService.Swr => Swr.Contains(region),
        CloudService.CodeArts => CodeArts.Contains(region),
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, null),
    };

    /// <summary>The project of a region: 32 hexadecimal digits, the same at every start.</summary>
    public static string ProjectId(string region) => StableId("project", region);

    /// <summary>32 hexadecimal digits that depend on nothing but the names given.</summary>
    public static string StableId(string kind, string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{name}")))[..32];
}
