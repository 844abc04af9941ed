using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Huawei;

/// <summary>The cloud's regions and what people call them; the names come from its documentation in both languages.</summary>
public static partial class Regions
{
    static readonly (string Id, string Chinese, string English)[] Named =
    [
        ("cn-north-1", "华北-北京一", "CN North-Beijing1"),
        ("cn-north-2", "华北-北京二", "CN North-Beijing2"),
        ("cn-north-4", "华北-北京四", "CN North-Beijing4"),
        ("cn-north-9", "华北-乌兰察布一", "CN North-Ulanqab1"),
        ("cn-north-11", "华北-乌兰察布二零一", "CN North-Ulanqab201"),
        ("cn-north-12", "华北-乌兰察布二零二", "CN North-Ulanqab202"),
        ("cn-east-2", "华东-上海二", "CN East-Shanghai2"),
        ("cn-east-3", "华东-上海一", "CN East-Shanghai1"),
        ("cn-east-4", "华东二", "CN East2"),
        ("cn-east-5", "华东-青岛", "CN East-Qingdao"),
        ("cn-south-1", "华南-广州", "CN South-Guangzhou"),
        ("cn-south-2", "华南-深圳", "CN South-Shenzhen"),
        ("cn-south-4", "华南-广州-友好用户环境", "CN South-Guangzhou-InvitationOnly"),
        ("cn-southwest-2", "西南-贵阳一", "CN Southwest-Guiyang1"),
        ("ap-southeast-1", "中国-香港", "CN-Hong Kong"),
        ("ap-southeast-2", "亚太-曼谷", "AP-Bangkok"),
        ("ap-southeast-3", "亚太-新加坡", "AP-Singapore"),
        ("ap-southeast-4", "亚太-雅加达", "AP-Jakarta"),
        ("ap-southeast-5", "亚太-马尼拉", "AP-Manila"),
        ("af-south-1", "非洲-约翰内斯堡", "AF-Johannesburg"),
        ("af-north-1", "非洲-开罗", "AF-Cairo"),
        ("la-south-2", "拉美-圣地亚哥", "LA-Santiago"),
        ("la-north-2", "拉美-墨西哥城二", "LA-Mexico City2"),
        ("na-mexico-1", "拉美-墨西哥城一", "LA-Mexico City1"),
        ("sa-brazil-1", "拉美-圣保罗一", "LA-Sao Paulo1"),
        ("tr-west-1", "土耳其-伊斯坦布尔", "TR-Istanbul"),
        ("me-east-1", "中东-利雅得", "ME-Riyadh"),
        ("eu-west-101", "欧洲-都柏林", "EU-Dublin"),
        ("eu-west-0", "欧洲-巴黎", "EU-Paris"),
    ];

    static readonly string[] Unnamed = ["cn-southwest-3", "sa-peru-1", "ru-northwest-2", "ru-moscow-1", "ae-ad-1", "my-kualalumpur-1"];

    static readonly Dictionary<string, (string Id, string Chinese, string English)> ById = Named.ToDictionary(region => region.Id);

    /// <summary>Every region where SWR is offered (the SDK's list), named ones first.</summary>
    public static IReadOnlyList<string> AllIds { get; } = [.. Named.Select(region => region.Id), .. Unnamed];

    /// <summary>Regions that the user guide names for image sync (swr_01_0101): the choice while Huawei:Regions is empty.</summary>
    public static IReadOnlyList<string> WithImageSync { get; } =
    [
        "cn-north-1", "cn-north-4", "cn-north-9", "cn-east-3", "cn-east-2", "cn-south-1", "cn-southwest-2",
        "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "af-south-1",
    ];

    /// <summary>What people call the region, in Chinese or English; null when its name is not known, then show the id.</summary>
    public static string? NameOf(string id, CultureInfo culture) =>
        ById.TryGetValue(id, out var region) ? culture.TwoLetterISOLanguageName == "zh" ? region.Chinese : region.English : null;

    /// <summary>Has the form of a region id, so that it can stand in a host name; says nothing about whether it exists.</summary>
    public static bool IsId(string? id) => id is { Length: <= 40 } && Form().IsMatch(id);

    [GeneratedRegex(@"\A[a-z]{2,4}(-[a-z0-9]{1,16}){1,3}\z")]
    private static partial Regex Form();
}
