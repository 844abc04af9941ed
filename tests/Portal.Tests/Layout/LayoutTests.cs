using Portal.Tests.Support;

namespace Portal.Tests.Layout;

/// <summary>The rules that the folders follow (docs/how-a-request-travels.md shows the folders at work).</summary>
public sealed class LayoutTests
{
    const int LongestFile = 300;

    static readonly string[] SaysNothing =
    [
        "Services", "Models", "Interfaces", "Helpers", "Common", "Utils", "Utilities", "Extensions", "Shared", "Core", "Domain", "Application",
        "Infrastructure", "Contracts", "Managers", "Misc", "Abstractions",
    ];

    [Fact]
    public void Folders_of_the_portal_mention_only_what_stands_left_of_them()
    {
        var arrows = new Arrows(Sources("src/Portal"));

        Assert.Empty(arrows.Unplaced());
        Assert.Empty(arrows.Wrong());
    }

    [Fact]
    public void Arrows_that_go_the_wrong_way_are_noticed()
    {
        var wrong = new Arrows(new Dictionary<string, string>
        {
            ["_Imports.razor"] = "@using Portal.Controls\n@using Portal.Shell",
            ["Shell/MainFrame.razor"] = "<p>frame</p>",
            ["Dispatch/Reaction.cs"] = "public enum Reaction { Fail }",
            ["Shell/Preferences.cs"] = "public static class Preferences;",
            ["Requests/ByUsing.cs"] = "using Portal.Approvals;",
            ["Requests/ByStaticUsing.cs"] = "using static Portal.Dispatch.AnswerTable;",
            ["Requests/ByAlias.cs"] = "using Table = Portal.Dispatch.AnswerTable;",
            ["Requests/ByName.cs"] = "var kind = Portal.Dispatch.Reaction.Fail;",
            ["Requests/ByGlobalName.cs"] = "var kind = global::Portal.Dispatch.Reaction.Fail;",
            ["Requests/ByShortName.cs"] = "var kind = Dispatch.Reaction.Fail;",
            ["Requests/ByRazorUsing.razor"] = "@using Portal.Approvals",
            ["Requests/ByComponent.razor"] = "<MainFrame />",
            ["Requests/ByImportedType.razor"] = "@(Preferences.Language)",
            ["Approvals/Sideways.cs"] = "using Portal.Dispatch;",
            ["Access/Upwards.cs"] = "using Portal.Database;",
        }).Wrong();

        Assert.Equal(
            [
                "Access/Upwards.cs mentions Database", "Approvals/Sideways.cs mentions Dispatch", "Requests/ByAlias.cs mentions Dispatch",
                "Requests/ByComponent.razor mentions Shell", "Requests/ByGlobalName.cs mentions Dispatch", "Requests/ByImportedType.razor mentions Shell",
                "Requests/ByName.cs mentions Dispatch", "Requests/ByRazorUsing.razor mentions Approvals", "Requests/ByShortName.cs mentions Dispatch",
                "Requests/ByStaticUsing.cs mentions Dispatch", "Requests/ByUsing.cs mentions Approvals",
            ],
            wrong);
    }

    [Fact]
    public void Arrows_that_go_the_right_way_and_composition_points_are_left_alone()
    {
        var arrows = new Arrows(new Dictionary<string, string>
        {
            ["Program.cs"] = "using Portal.Shell;",
            ["Database/PortalDb.cs"] = "using Portal.Dispatch;",
            ["Shell/NavMenu.razor"] = "@using Portal.Audit",
            ["Dispatch/Dispatcher.cs"] = "using Portal.Requests;\n// Approvals.Decision is told of by the request.\nvar x = policy.Approvals.Count; var y = Shell.Length;",
            ["Shell/HomePage.razor"] = "@using Portal.Requests",
        });

        Assert.Empty(arrows.Wrong());
        Assert.Equal(["Gadgets"], new Arrows(new Dictionary<string, string> { ["Gadgets/A.cs"] = "" }).Unplaced());
    }

    [Fact]
    public void Folders_are_named_after_a_subject()
    {
        var folders = new[] { "src", "migrations", "tests" }
            .SelectMany(top => Directory.EnumerateDirectories(Path.Combine(Repository.Root, top), "*", SearchOption.AllDirectories))
            .Select(folder => Path.GetRelativePath(Repository.Root, folder))
            .Where(folder => !IsOutput(folder))
            .ToList();

        Assert.NotEmpty(folders);
        Assert.DoesNotContain(folders, folder => SaysNothing.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Files_can_be_read_in_one_go()
    {
        var tooLong = Sources("src").Where(file => file.Key.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => (file.Key, Lines: file.Value.AsSpan().Count('\n')))
            .Where(file => file.Lines > LongestFile);

        Assert.Empty(tooLong);
    }

    /// <summary>The C# and Razor files below a folder, by their path in it with forward slashes.</summary>
    static Dictionary<string, string> Sources(string folder)
    {
        var root = Path.Combine(Repository.Root, folder);
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
            .Select(file => (Path: Path.GetRelativePath(root, file).Replace('\\', '/'), file))
            .Where(file => !IsOutput(file.Path))
            .ToDictionary(file => file.Path, file => File.ReadAllText(file.file));
    }

    static bool IsOutput(string path) => path.Split('/', '\\').Any(part => part is "bin" or "obj" or "wwwroot");
}
