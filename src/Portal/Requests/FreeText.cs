using Portal.Access;
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

        return VisibleText.Is(text) ? null : new FieldProblem(field, "Field.ControlCharacters");
    }
}
