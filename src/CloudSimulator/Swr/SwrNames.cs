using System.Text.RegularExpressions;

namespace CloudSimulator.Swr;

/// <summary>Name patterns of organizations, image repositories and tags (huawei-api 1.1, strict reading).</summary>
static partial class SwrNames
{
    public static bool IsNamespace(string name) => NamespacePattern().IsMatch(name);

    public static bool IsRepository(string name) => RepositoryPattern().IsMatch(name);

    public static bool IsTag(string name) => TagPattern().IsMatch(name);

    /// <summary>In a path the slash of a repository name travels as a dollar sign.</summary>
    public static string FromPath(string segment) => segment.Replace('$', '/');

    // \z, not $: a name must not smuggle in a line feed at its end.
    [GeneratedRegex(@"\A(?=.{1,64}\z)[a-z][a-z0-9]*(?:(?:__?|[.-])[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"\A(?=.{1,128}\z)[a-z0-9]+(?:(?:__?|[./-])[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagPattern();
}
