namespace Portal.Huawei;

/// <summary>
/// Base addresses of the services; "{region}" stands for the region id and a path prefix is allowed. The maps by region win over the
/// pattern, for regions or partner clouds whose hosts are named differently.
/// </summary>
public sealed class HuaweiEndpoints
{
    const string DefaultIam = "https://iam.{region}.myhuaweicloud.com";
    const string DefaultSwr = "https://swr-api.{region}.myhuaweicloud.com";
    const string DefaultCodeArtsRepo = "https://codehub-ext.{region}.myhuaweicloud.com";

    // The SDK's lists of hosts; they count only while the pattern is the default, never when somebody points it elsewhere.
    static readonly Dictionary<(CloudService, string), string> KnownExceptions = new()
    {
        [(CloudService.Iam, "eu-west-101")] = "https://iam.eu-west-101.myhuaweicloud.eu",
        [(CloudService.Swr, "eu-west-101")] = "https://swr-api.eu-west-101.myhuaweicloud.eu",
        [(CloudService.CodeArtsRepo, "eu-west-101")] = "https://codeartsrepo-ext.eu-west-101.myhuaweicloud.eu",
        [(CloudService.CodeArtsRepo, "la-south-2")] = "https://codeartsrepo-ext.la-south-2.myhuaweicloud.com",
        [(CloudService.CodeArtsRepo, "tr-west-1")] = "https://codeartsrepo-ext.tr-west-1.myhuaweicloud.com",
        [(CloudService.CodeArtsRepo, "me-east-1")] = "https://repo.me-east-1.myhuaweicloud.com",
        [(CloudService.CodeArtsRepo, "af-south-1")] = "https://repo.af-south-1.myhuaweicloud.com",
        [(CloudService.CodeArtsRepo, "af-north-1")] = "https://repo.af-north-1.myhuaweicloud.com",
    };

    public string Iam { get; set; } = DefaultIam;

    public string Swr { get; set; } = DefaultSwr;

    public string CodeArtsRepo { get; set; } = DefaultCodeArtsRepo;

    public Dictionary<string, string> IamByRegion { get; set; } = [];

    public Dictionary<string, string> SwrByRegion { get; set; } = [];

    public Dictionary<string, string> CodeArtsRepoByRegion { get; set; } = [];

    /// <summary>All three services are on this machine.</summary>
    public bool AreLoopback => new[] { Iam, Swr, CodeArtsRepo }.All(pattern =>
        Uri.TryCreate(pattern.Replace("{region}", "x", StringComparison.Ordinal), UriKind.Absolute, out var url) && url.IsLoopback);

    /// <summary>The absolute address of a call, exactly as it is sent and signed.</summary>
    /// <exception cref="ArgumentException">The region is no region id, or the path is no path.</exception>
    public Uri UrlOf(CloudCall call)
    {
        if (!call.Path.StartsWith('/') || call.Path.AsSpan().ContainsAny("?#\\"))
            throw new ArgumentException($"'{call.Path}' is not a path.", nameof(call));
        var query = string.Join('&', call.Query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        var address = BaseOf(call.Service, call.Region).TrimEnd('/') + call.Path;
        return new Uri(query.Length == 0 ? address : $"{address}?{query}");
    }

    /// <summary>True for a host that one of the addresses names, with any region id where the region stands.</summary>
    public bool HasHost(string host)
    {
        const string AnyRegion = "any-region";
        return new[] { Iam, Swr, CodeArtsRepo }
            .Concat(IamByRegion.Values).Concat(SwrByRegion.Values).Concat(CodeArtsRepoByRegion.Values).Concat(KnownExceptions.Values)
            .Select(pattern => new Uri(pattern.Replace("{region}", AnyRegion, StringComparison.Ordinal)).IdnHost.Split(AnyRegion))
            .Any(parts => parts.Length == 1
                ? string.Equals(host, parts[0], StringComparison.OrdinalIgnoreCase)
                : host.Length > parts[0].Length + parts[1].Length && host.StartsWith(parts[0], StringComparison.OrdinalIgnoreCase)
                    && host.EndsWith(parts[1], StringComparison.OrdinalIgnoreCase) && Huawei.Regions.IsId(host[parts[0].Length..^parts[1].Length]));
    }

    string BaseOf(CloudService service, string region)
    {
        // A region that people can type must not be able to choose the host that our credentials go to.
        if (!Huawei.Regions.IsId(region))
            throw new ArgumentException($"'{region}' is not a region id.", nameof(region));
        var (pattern, standard, byRegion) = service switch
        {
            CloudService.Iam => (Iam, DefaultIam, IamByRegion),
            CloudService.Swr => (Swr, DefaultSwr, SwrByRegion),
            CloudService.CodeArtsRepo => (CodeArtsRepo, DefaultCodeArtsRepo, CodeArtsRepoByRegion),
            _ => throw new ArgumentOutOfRangeException(nameof(service)),
        };
        if (byRegion.TryGetValue(region, out var special)
            || pattern == standard && KnownExceptions.TryGetValue((service, region), out special))
            pattern = special;
        return pattern.Replace("{region}", region, StringComparison.Ordinal);
    }
}
