using System.Text.RegularExpressions;

namespace Portal.Tests.Layout;

/// <summary>
/// Which folder of the portal may mention which: what stands further right may mention what stands further left, never the reverse;
/// folders of one step never mention each other. Reads source text: usings, qualified names, and in Razor files, where the shared
/// imports make a using unnecessary, the components and types themselves.
/// </summary>
sealed partial class Arrows(IReadOnlyDictionary<string, string> files)
{
    /// <summary>From left to right.</summary>
    static readonly string[][] Steps =
    [
        ["Words"], ["Telemetry"], ["Controls"], ["Access"], ["Live"], ["Database"], ["Audit"], ["SignIn"], ["People"], ["Huawei"], ["Health"], ["Kinds"], ["Policies"], ["Requests"],
        ["Approvals", "Dispatch", "Inventory", "Notifications"], ["Api"], ["Shell"],
    ];

    /// <summary>The files that may list everything.</summary>
    static readonly string[] CompositionPoints = ["Program.cs", "Database/PortalDb.cs", "Shell/NavMenu.razor"];

    static readonly string[] Folders = [.. Steps.SelectMany(step => step)];

    readonly string[] imported = [.. QualifiedIn(files.GetValueOrDefault("_Imports.razor", ""))];

    /// <summary>Every mention that goes the wrong way, as "file mentions Folder"; empty when all is well.</summary>
    public IReadOnlyList<string> Wrong() =>
    [
        .. from file in files.Keys
           where file.Contains('/') && !CompositionPoints.Contains(file)
           let own = file[..file.IndexOf('/')]
           where Folders.Contains(own)
           from mentioned in Mentioned(file)
           where mentioned != own && StepOf(mentioned) >= StepOf(own)
           orderby file, mentioned
           select $"{file} mentions {mentioned}",
    ];

    /// <summary>Folders that have no place in the order yet.</summary>
    public IReadOnlyList<string> Unplaced() =>
        [.. files.Keys.Where(file => file.Contains('/')).Select(file => file[..file.IndexOf('/')]).Distinct().Except(Folders).Order(StringComparer.Ordinal)];

    IEnumerable<string> Mentioned(string file)
    {
        var text = WithoutComments(files[file]);
        var found = QualifiedIn(text).Concat(RelativeIn(text));
        if (file.EndsWith(".razor", StringComparison.Ordinal))
        {
            var words = Identifier().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
            found = found.Concat(imported.Where(folder => TypesIn(folder).Any(words.Contains)));
        }

        return found.Distinct().Where(Folders.Contains);
    }

    static IEnumerable<string> QualifiedIn(string text) => Qualified().Matches(text).Select(match => match.Groups[1].Value);

    // A property may be called like a folder: what comes after the dot has to be a type of that folder.
    IEnumerable<string> RelativeIn(string text) => Relative().Matches(text)
        .Select(match => (Folder: match.Groups[1].Value, Type: match.Groups[2].Value))
        .Where(name => Folders.Contains(name.Folder) && Declared(name.Folder).Contains(name.Type))
        .Select(name => name.Folder);

    /// <summary>Names that only this folder declares: a name that others declare too says nothing.</summary>
    IEnumerable<string> TypesIn(string folder) => Declared(folder).Except(Folders.Where(other => other != folder).SelectMany(Declared));

    IEnumerable<string> Declared(string folder) => files.Where(file => file.Key.StartsWith(folder + "/", StringComparison.Ordinal)).SelectMany(file =>
        file.Key.EndsWith(".razor", StringComparison.Ordinal)
            ? [Path.GetFileNameWithoutExtension(file.Key)]
            : Declaration().Matches(WithoutComments(file.Value)).Select(match => match.Groups[1].Value));

    static int StepOf(string folder) => Array.FindIndex(Steps, step => step.Contains(folder));

    static string WithoutComments(string text) => Comment().Replace(text, "");

    [GeneratedRegex(@"(?<![\w.])(?:global::)?Portal\.([A-Z]\w*)")]
    private static partial Regex Qualified();

    // Inside the namespace Portal the first part may be left out.
    [GeneratedRegex(@"(?<![\w.])([A-Z]\w*)\.([A-Z]\w*)")]
    private static partial Regex Relative();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\b(?:class|record|enum|interface|struct)\s+(?:struct\s+)?([A-Z]\w*)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<!:)//[^\n]*|/\*.*?\*/|@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
