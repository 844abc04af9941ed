using System.Text.RegularExpressions;
using Portal.Tests.Support;

namespace Portal.Tests.Layout;

/// <summary>docs/asvs.csv says of each item of ASVS 5.0 level 1 and 2 whether it applies and which test shows it: the tests it names are there.</summary>
public sealed partial class AsvsTests
{
    [Fact]
    public void Every_named_test_and_document_exists()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(TestsIn).ToHashSet(StringComparer.Ordinal);
        var items = Items();

        Assert.DoesNotContain(items, item => item.Test.Length > 0 && !sources.Contains(item.Test) && !File.Exists(Path.Combine(Repository.Root, item.Test)));
        var counts = $"{items.Count(item => item.Applies == "yes")} applicable, {items.Count(item => item.Test.StartsWith("Portal.", StringComparison.Ordinal))} with a test"
            + string.Concat(new[] { "shown", "partly", "not yet" }.Select(state => $", {items.Count(item => item.State == state)} {state}"));
        TestContext.Current.SendDiagnosticMessage(counts);
        TestContext.Current.TestOutputHelper!.WriteLine(counts);
    }

    [Fact]
    public void Items_stand_once_in_order_with_a_reason_and_a_state()
    {
        var items = Items();

        Assert.Equal(items.Select(item => item.Id).Distinct(), items.Select(item => item.Id));
        Assert.Equal(items.OrderBy(item => Version.Parse(item.Id)), items);
        Assert.DoesNotContain(items, item => item.Why.Length == 0);
        Assert.All(items, item => Assert.Contains(item.State, item.Applies == "yes" ? ["shown", "partly", "not yet"] : new[] { "" }));
        // Somebody looked: what is shown, wholly or in part, is shown somewhere, and what is not yet is nowhere.
        Assert.All(items, item => Assert.Equal(item.State is "shown" or "partly", item.Test.Length > 0));
    }

    static List<Item> Items() =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "asvs.csv")).Skip(1)
            .Select(line => Field().Matches(line).Select(field => field.Groups[1].Value.Trim('"')).ToArray())
            .Select(fields => new Item(fields[0], fields[1], fields[2], fields[3], fields[4])),
    ];

    static IEnumerable<string> TestsIn(string file)
    {
        var text = File.ReadAllText(file);
        var name = Namespace().Match(text).Groups[1].Value;
        return Method().Matches(text).Select(method => $"{name}.{Path.GetFileNameWithoutExtension(file)}.{method.Groups[1].Value}");
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    // Only what is marked as a test: a method that a test uses shows nothing.
    [GeneratedRegex(@"^    \[(?:Fact|Theory)\b[\s\S]*?^    public (?:async )?(?:Task|void) (\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Method();

    [GeneratedRegex("""(?:^|,)("(?:[^"]|"")*"|[^,]*)""")]
    private static partial Regex Field();

    sealed record Item(string Id, string Applies, string Why, string Test, string State);
}
