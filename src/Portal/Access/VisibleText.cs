namespace Portal.Access;

/// <summary>Text that reads as it was written: what people write is shown to others who decide by it.</summary>
public static class VisibleText
{
    /// <summary>
    /// True for well-formed text without control characters and without the ones that turn the direction of reading. PostgreSQL stores no
    /// NUL either.
    /// </summary>
    public static bool Is(string text) => !text.Any(IsInvisible) && IsWellFormed(text);

    // U+202A-202E and U+2066-2069: embeddings, overrides and isolates of text direction (Unicode UAX #9).
    static bool IsInvisible(char letter) =>
        (char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')) || letter is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    static bool IsWellFormed(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                index++;
            }
            else if (char.IsSurrogate(text[index]))
            {
                return false;
            }
        }

        return true;
    }
}
