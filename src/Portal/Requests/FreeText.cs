using Portal.Kinds;

namespace Portal.Requests;

/// <summary>The rules for text that people write: reasons and comments.</summary>
public static class FreeText
{
    /// <summary>Longest reason or comment, in UTF-16 units.</summary>
    public const int Longest = 2000;

    /// <summary>What is wrong with the text, or null. An empty text is wrong only where one is required.</summary>
    public static FieldProblem? ProblemOf(string field, string? text, bool required)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return required ? new FieldProblem(field, "Field.Required") : null;
        }

        if (text.Length > Longest)
        {
            return new FieldProblem(field, "Field.TooLong", Longest, text.Length);
        }

        // PostgreSQL stores no NUL; other control characters, halves of pairs and the ones that turn the direction of reading would
        // show an approver something else than was written.
        return text.Any(IsInvisible) || !IsWellFormed(text)
            ? new FieldProblem(field, "Field.ControlCharacters")
            : null;
    }

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
