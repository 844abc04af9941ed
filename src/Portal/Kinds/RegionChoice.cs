using System.Globalization;
using Portal.Controls;
using Portal.Huawei;

namespace Portal.Kinds;

/// <summary>Regions as a list to choose from: the id, and its name in the reader's language where it has one.</summary>
static class RegionChoice
{
    public static IReadOnlyList<Choice> For(IEnumerable<string> regions) =>
        [.. regions.Select(id => new Choice(id, Regions.NameOf(id, CultureInfo.CurrentUICulture) is { } name ? $"{id} · {name}" : id))];
}
