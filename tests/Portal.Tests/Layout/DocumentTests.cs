using System.Text.RegularExpressions;
using Portal.Tests.Support;

namespace Portal.Tests.Layout;

/// <summary>Documents that name files name files that are there.</summary>
public sealed partial class DocumentTests
{
    const string Journey = "docs/how-a-request-travels.md";

    [Fact]
    public void Every_path_of_the_journey_exists()
    {
        var paths = PathsIn(File.ReadAllText(Path.Combine(Repository.Root, Journey)));

        Assert.True(paths.Count > 14, "Each step names the files where it happens.");
        Assert.DoesNotContain(paths, path => !Path.Exists(Path.Combine(Repository.Root, path)));
    }

    [Fact]
    public void Journey_has_its_fourteen_steps_in_order() => Assert.Equal(
        Enumerable.Range(1, 14),
        Step().Matches(File.ReadAllText(Path.Combine(Repository.Root, Journey))).Select(step => int.Parse(step.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Path_that_does_not_exist_is_noticed()
    {
        var paths = PathsIn("See `src/Portal/Gone.cs`, `skip locked` and `src/Portal/Program.cs`.");

        Assert.Equal(["src/Portal/Gone.cs", "src/Portal/Program.cs"], paths);
        Assert.Equal(["src/Portal/Gone.cs"], paths.Where(path => !Path.Exists(Path.Combine(Repository.Root, path))));
    }

    static List<string> PathsIn(string text) => [.. QuotedPath().Matches(text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"`((?:src|tests|migrations|docs|build|bench)/[\w./-]+)`")]
    private static partial Regex QuotedPath();

    [GeneratedRegex(@"^(\d+)\. ", RegexOptions.Multiline)]
    private static partial Regex Step();
}
