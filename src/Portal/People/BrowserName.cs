namespace Portal.People;

/// <summary>
/// What a browser calls itself, in two short words: enough to recognize one's own. Nothing may depend on it, because it says what it likes.
/// </summary>
public static class BrowserName
{
    // In this order: later ones are named by those that stand before them (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/User-Agent).
    static readonly (string Token, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari")];

    static readonly (string Token, string Name)[] Systems =
    [
        ("Android", "Android"), ("OpenHarmony", "HarmonyOS"), ("HarmonyOS", "HarmonyOS"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];

    /// <summary><c>Chrome · Windows</c>, one of both, or null when neither is known.</summary>
    public static string? Of(string? agent)
    {
        string[] known = [.. new[] { Browsers, Systems }.Select(names => NameIn(names, agent ?? "")).OfType<string>()];
        return known.Length == 0 ? null : string.Join(" · ", known);
    }

    static string? NameIn((string Token, string Name)[] names, string agent) =>
        names.FirstOrDefault(name => agent.Contains(name.Token, StringComparison.Ordinal)).Name;
}
