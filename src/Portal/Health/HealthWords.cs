using Microsoft.Extensions.Localization;
using Portal.Controls;

namespace Portal.Health;

/// <summary>Parts in words of the current language.</summary>
public static class HealthWords
{
    /// <summary>What people call it: "Worker: dispatch".</summary>
    public static string NameOf(PartState part, IStringLocalizer words)
    {
        var slash = part.Part.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? words["Health.Part." + part.Part] : words[$"Health.Part.{part.Part[..slash]}.One", part.Part[(slash + 1)..]];
    }

    /// <summary>What the finding means.</summary>
    public static string MeaningOf(PartState part, IStringLocalizer words) => words[part.Finding, Shown(part)];

    /// <summary>What to do; null where nothing is.</summary>
    public static string? ActionFor(PartState part, IStringLocalizer words) => part.IsWell ? null : words[part.Finding + ".Do", Shown(part)].Value;

    static object[] Shown(PartState part) => [.. part.Arguments.Select(argument => argument is DateTimeOffset at ? RelativeTime.Exact(at) : argument)];
}
