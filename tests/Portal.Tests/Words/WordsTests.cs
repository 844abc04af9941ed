using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Portal.Tests.Words;

/// <summary>The two word files say the same things, and every word that the code asks for is there.</summary>
public sealed partial class WordsTests
{
    static readonly string Source = Path.Combine(RepositoryRoot(), "src", "Portal");
    static readonly Dictionary<string, string> English = Read("Words.resx");
    static readonly Dictionary<string, string> Chinese = Read("Words.zh-CN.resx");

    [Fact]
    public void Files_both_languages_have_the_same_keys() =>
        Assert.Equal(English.Keys.Order(StringComparer.Ordinal), Chinese.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Files_no_word_is_empty() =>
        Assert.DoesNotContain(English.Concat(Chinese), word => string.IsNullOrWhiteSpace(word.Value));

    [Fact]
    public void Files_both_languages_fill_the_same_slots() =>
        Assert.DoesNotContain(English.Keys.Intersect(Chinese.Keys), key => !Slots(English[key]).SetEquals(Slots(Chinese[key])));

    [Theory]
    [InlineData("Words.resx")]
    [InlineData("Words.zh-CN.resx")]
    public void Files_keys_stand_sorted_and_once_so_that_people_who_add_words_do_not_collide(string file)
    {
        var keys = Keys(file);
        Assert.Equal(keys.Order(StringComparer.Ordinal).Distinct(), keys);
    }

    [Fact]
    public void Code_asks_only_for_words_that_exist()
    {
        var groups = English.Keys.Select(key => key.Split('.')[0]).ToHashSet();
        var missing = from file in Sources()
                      from Match match in KeyInCode().Matches(File.ReadAllText(file))
                      let key = match.Groups[1].Value
                      where groups.Contains(key.Split('.')[0]) && !IsWord(key)
                      select $"{Path.GetFileName(file)}: {key}";
        Assert.Empty(missing);
    }

    [Fact]
    public void Code_is_read_for_words_at_all() =>
        Assert.True(Sources().Sum(file => KeyInCode().Count(File.ReadAllText(file))) > 50);

    [Fact]
    public void IsWord_a_key_nobody_wrote_is_missed() => Assert.False(IsWord("Nav.NoSuchWord"));

    // Some keys are the front half of those that the code puts together: W["State." + state], code + ".Missing".
    static bool IsWord(string key) => English.ContainsKey(key) || English.Keys.Any(word => word.StartsWith(key.TrimEnd('.') + ".", StringComparison.Ordinal));

    static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor")
            .Where(file => !Path.GetRelativePath(Source, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    static HashSet<string> Slots(string text) => [.. Slot().Matches(text).Select(match => match.Value)];

    static Dictionary<string, string> Read(string file) =>
        Entries(file).GroupBy(entry => (string)entry.Attribute("name")!).ToDictionary(group => group.Key, group => (string?)group.First().Element("value") ?? "");

    static List<string> Keys(string file) => [.. Entries(file).Select(entry => (string)entry.Attribute("name")!)];

    static IEnumerable<XElement> Entries(string file) => XDocument.Load(Path.Combine(Source, "Words", file)).Root!.Elements("data");

    static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Portal.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return folder;
    }

    [GeneratedRegex(@"\{\d+[^}]*\}")]
    private static partial Regex Slot();

    [GeneratedRegex("\"([A-Z][A-Za-z0-9]*\\.(?:[A-Z][A-Za-z0-9]*(?:\\.[A-Z][A-Za-z0-9]*)*\\.?)?)\"")]
    private static partial Regex KeyInCode();
}
