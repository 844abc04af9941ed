using System.Text;

namespace Portal.Database;

/// <summary>Text that people search for is text, not a pattern.</summary>
public static class LikePattern
{
    /// <summary>The escape character to name in <c>ilike … escape</c>.</summary>
    public const string EscapeCharacter = "\\";

    /// <summary>
    /// The text with the wildcards of <c>like</c> made literal. Of what PostgreSQL cannot hold, NUL is dropped and half of a
    /// surrogate pair becomes the replacement character.
    /// </summary>
    public static string Escape(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "", StringComparison.Ordinal)
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
}
