namespace Portal.Database;

/// <summary>Text that people search for is text, not a pattern.</summary>
public static class LikePattern
{
    /// <summary>The escape character to name in <c>ilike … escape</c>.</summary>
    public const string EscapeCharacter = "\\";

    /// <summary>The text with the wildcards of <c>like</c> made literal; NUL, which PostgreSQL cannot hold, is dropped.</summary>
    public static string Escape(string text) =>
        text.Replace("\0", "", StringComparison.Ordinal)
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
}
