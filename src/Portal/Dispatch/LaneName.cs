using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Huawei;

namespace Portal.Dispatch;

/// <summary>What people call a lane.</summary>
public static class LaneName
{
    /// <summary>"SWR · CN North-Beijing4"; what has no name is shown by its id.</summary>
    public static string Of(string lane, IStringLocalizer words)
    {
        var (service, region) = Split(lane);
        var name = words["Service." + service];
        return $"{(name.ResourceNotFound ? service : name.Value)} · {Regions.NameOf(region, CultureInfo.CurrentUICulture) ?? region}";
    }

    /// <summary>The region of a lane.</summary>
    public static string RegionOf(string lane) => Split(lane).Region;

    static (string Service, string Region) Split(string lane) =>
        lane.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? (lane[..slash], lane[(slash + 1)..]) : (lane, "");
}
