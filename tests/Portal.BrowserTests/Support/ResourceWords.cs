using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Portal.BrowserTests.Support;

/// <summary>The portal's words, to find on a page what should not be there: the name of a word instead of the word, or English among Chinese.</summary>
public static partial class ResourceWords
{
    static readonly Dictionary<string, string> English = Read("Words.resx");
    static readonly Dictionary<string, string> Chinese = Read("Words.zh-CN.resx");

    // A key that is missing shows as itself, so any name of a known family counts.
    static readonly Regex AnyKey = new(
        $@"(?<![\w./])(?:{string.Join('|', English.Keys.Select(key => key.Split('.')[0]).Distinct())})\.[A-Za-z][\w.-]*", RegexOptions.Compiled);

    /// <summary>The names of words in a text for people.</summary>
    public static IEnumerable<string> KeysIn(string text) => AnyKey.Matches(text).Select(match => match.Value).Distinct();

    /// <summary>The English sentences in a text that should be Chinese. Single words may be names; two and more in a row are a sentence.</summary>
    public static IEnumerable<string> EnglishIn(string text) => English
        .Where(word => word.Value != Chinese.GetValueOrDefault(word.Key))
        .SelectMany(word => Gap().Split(word.Value))
        .Select(part => part.Trim())
        .Where(part => part.Length >= 12 && part.Contains(' ', StringComparison.Ordinal) && text.Contains(part, StringComparison.Ordinal))
        .Distinct();

    static Dictionary<string, string> Read(string file) => XDocument.Load(Path.Combine(Programs.Repository, "src", "Portal", "Words", file))
        .Root!.Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Gap();
}
