namespace Portal.Controls;

/// <summary>The portal's own icons: stroke paths on a 24 by 24 grid, only those that a page uses.</summary>
public static class IconShapes
{
    const string Circle = "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17z";

    /// <summary>Path data by icon name.</summary>
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["alert"] = "M12 4 21 19.5H3zM12 10v4.2M12 16.9v.1",
        ["arrow-left"] = "M19 12H5M11 6l-6 6 6 6",
        ["arrow-right"] = "M5 12h14M13 6l6 6-6 6",
        ["block"] = Circle + "M6 6l12 12",
        ["calendar"] = "M4.5 6h15v14h-15zM4.5 10.5h15M8.5 3.5V7M15.5 3.5V7",
        ["check"] = "M5 12.5l4.5 4.5L19 7.5",
        ["check-circle"] = Circle + "M8.2 12.2l2.7 2.7 5-5.4",
        ["chevron-down"] = "M6.5 9.5 12 15l5.5-5.5",
        ["chevron-left"] = "M14.5 6.5 9 12l5.5 5.5",
        ["chevron-right"] = "M9.5 6.5 15 12l-5.5 5.5",
        ["clock"] = Circle + "M12 7.5V12l3 2",
        ["compass"] = Circle + "M15.5 8.5l-2 5-5 2 2-5z",
        ["contrast"] = Circle + "M12 3.5v17M12 8h5.5M12 12h8.5M12 16h5.5",
        ["copy"] = "M9 9h11v11H9zM15 9V4H4v11h5",
        ["dash-circle"] = Circle + "M8.5 12h7",
        ["download"] = "M12 4v11M7.5 10.5 12 15l4.5-4.5M4.5 19.5h15",
        ["external"] = "M14 4.5h5.5V10M19.5 4.5 11 13M17.5 14v5.5h-13v-13H10",
        ["filter"] = "M4 6h16M7 12h10M10 18h4",
        ["gauge"] = "M5.5 18.5a8.5 8.5 0 1 1 13 0M12 14.5l4-5M12 14.4v.1",
        ["help"] = "M8 8.5a4 4 0 1 1 5.6 3.7c-1.1.5-1.6 1.3-1.6 2.8M12 19.5v.1",
        ["help-circle"] = Circle + "M9.7 9.6a2.4 2.4 0 1 1 3.3 2.2c-.7.3-1 .8-1 1.7M12 16.6v.1",
        ["home"] = "M4 11.2 12 4l8 7.2M6 9.6V20h4.5v-5.5h3V20H18V9.6",
        ["inbox"] = "M4 13.5h4.5L10 16h4l1.5-2.5H20M4 13.5 6.5 5h11L20 13.5V19H4z",
        ["info"] = Circle + "M12 11v5.5M12 7.6v.1",
        ["key"] = "M8 11.5a4 4 0 1 1 0 8a4 4 0 0 1 0-8zM11 12.7 19.5 4.5M16 8l3 3",
        ["layers"] = "M12 4l8.5 4.5L12 13 3.5 8.5zM3.5 12.5 12 17l8.5-4.5M3.5 16.5 12 21l8.5-4.5",
        ["ledger"] = "M6 3.5h13v17H6a2 2 0 0 1-2-2v-13a2 2 0 0 1 2-2zM8.5 3.5v17M12 8h4M12 12h4",
        ["list"] = "M8.5 6.5H20M8.5 12H20M8.5 17.5H20M4.2 6.5h.1M4.2 12h.1M4.2 17.5h.1",
        ["mirror"] = "M4.5 9.5h13.5M14 5.5l4 4-4 4M19.5 15.5H6M10 11.5l-4 4 4 4",
        ["moon"] = "M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z",
        ["people"] = "M9 5a3.2 3.2 0 1 1 0 6.4A3.2 3.2 0 0 1 9 5zM3 19.5c.4-3.4 2.7-5.3 6-5.3s5.6 1.9 6 5.3M15.5 5.3a3.2 3.2 0 0 1 0 5.9M17.7 14.6c2 .8 3.1 2.5 3.3 4.9",
        ["plus"] = "M12 5v14M5 12h14",
        ["progress"] = "M20.5 12a8.5 8.5 0 1 1-5-7.7M12 8v4l3 2",
        ["refresh"] = "M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 4v4.5H15",
        ["screen"] = "M3.5 5h17v11h-17zM9 20h6M12 16v4",
        ["search"] = "M11 4.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM15.8 15.8 20 20",
        ["send"] = "M20.5 3.5 10.5 13.5M20.5 3.5l-6 17-4-7-7-4z",
        ["shield"] = "M12 3.5l7.5 2.8v5.5c0 4.3-3 7.3-7.5 8.7-4.5-1.4-7.5-4.4-7.5-8.7V6.3z",
        ["sign-out"] = "M14 4.5H5v15h9M10 12h10.5M16.5 8l4 4-4 4",
        ["stamp"] = "M9.5 11c0-2-1-2.8-1-4.5a3.5 3.5 0 0 1 7 0c0 1.7-1 2.5-1 4.5M5.5 16v-2.5c0-1.5 1-2.5 2.5-2.5h8c1.5 0 2.5 1 2.5 2.5V16zM5 20h14",
        ["sun"] = "M12 8a4 4 0 1 1 0 8a4 4 0 0 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
        ["undo"] = "M4.5 9.5H15a4.8 4.8 0 0 1 0 9.5H9M8.5 5.5l-4 4 4 4",
        ["user"] = "M12 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8zM4.5 20c.6-4 3.5-6 7.5-6s6.9 2 7.5 6",
        ["x"] = "M6 6l12 12M18 6 6 18",
        ["x-circle"] = Circle + "M9 9l6 6M15 9l-6 6",
    };

    /// <summary>Path data of one icon; an unknown name is a mistake in a page and says so.</summary>
    public static string PathOf(string name) =>
        All.TryGetValue(name, out var path) ? path : throw new ArgumentException($"There is no icon '{name}' in IconShapes.", nameof(name));
}
