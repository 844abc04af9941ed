using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Tests.Support;

namespace Portal.Tests.Layout;

/// <summary>Documents that name files name files that are there.</summary>
public sealed partial class DocumentTests
{
    const string Journey = "docs/how-a-request-travels.md";

    /// <summary>Read by the migrations program alone.</summary>
    const string OfMigrations = "ConnectionStrings:Owner";

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

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/operating.md")]
    [InlineData("docs/threat-model.md")]
    [InlineData("docs/sign-in-checks.md")]
    public void Every_setting_of_a_document_exists(string document)
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "appsettings.json")));
        var sections = settings.RootElement.EnumerateObject().Select(section => section.Name).ToHashSet(StringComparer.Ordinal);

        var named = QuotedSetting().Matches(File.ReadAllText(Path.Combine(Repository.Root, document)))
            .Select(match => match.Groups[1].Value.Split([":", "__"], StringSplitOptions.None)).Where(parts => sections.Contains(parts[0])).ToList();

        Assert.True(document != "docs/operating.md" || named.Count > 30, $"Only {named.Count} settings were found.");
        Assert.Equal([], named.Where(parts => !Exists(settings.RootElement, parts)).Select(parts => string.Join(':', parts)).Where(setting => setting != OfMigrations));
    }

    [Fact]
    public void Every_setting_of_the_file_stands_in_the_table()
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "appsettings.json")));
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

        Assert.Equal([], Names(settings.RootElement).Where(name => !Regex.IsMatch(readme, $@"\b{name}\b")));
    }

    [Fact]
    public void Path_that_does_not_exist_is_noticed()
    {
        var paths = PathsIn("See `src/Portal/Gone.cs`, `skip locked` and `src/Portal/Program.cs`.");

        Assert.Equal(["src/Portal/Gone.cs", "src/Portal/Program.cs"], paths);
        Assert.Equal(["src/Portal/Gone.cs"], paths.Where(path => !Path.Exists(Path.Combine(Repository.Root, path))));
    }

    static List<string> PathsIn(string text) => [.. QuotedPath().Matches(text).Select(match => match.Groups[1].Value)];

    // A list or an empty section takes whatever is put below it.
    static bool Exists(JsonElement at, ReadOnlySpan<string> parts) =>
        parts.IsEmpty || at.ValueKind == JsonValueKind.Array || (at.ValueKind == JsonValueKind.Object && !at.EnumerateObject().Any())
        || (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(parts[0], out var below) && Exists(below, parts[1..]));

    // Those of the limits are a table of their own, in RateLimit.cs.
    static IEnumerable<string> Names(JsonElement at) => at.EnumerateObject().Where(member => member.Name is not ("Logging" or "Limits" or "AllowedHosts" or "Endpoints"))
        .SelectMany(member => member.Value.ValueKind == JsonValueKind.Object && member.Value.EnumerateObject().Any() ? Names(member.Value) : [member.Name]);

    [GeneratedRegex(@"`([A-Z]\w*?(?:(?::|__)[A-Z]\w*?)+)`")]
    private static partial Regex QuotedSetting();

    [GeneratedRegex(@"`((?:src|tests|migrations|docs|build|bench)/[\w./-]+)`")]
    private static partial Regex QuotedPath();

    [GeneratedRegex(@"^(\d+)\. ", RegexOptions.Multiline)]
    private static partial Regex Step();
}
