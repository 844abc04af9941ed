namespace Portal.Database;

/// <summary>What PostgreSQL can hold as text: neither NUL nor half of a surrogate pair, so that nothing stored can have them or be looked for by them.</summary>
public static class StoredText
{
    /// <summary>True when the text can stand in a column, and so in a condition.</summary>
    public static bool CanBe(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                at++;
            }
            else if (text[at] == '\0' || char.IsSurrogate(text[at]))
            {
                return false;
            }
        }

        return true;
    }
}
