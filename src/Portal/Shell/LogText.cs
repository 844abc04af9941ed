using System.Globalization;
using System.Text;

namespace Portal.Shell;

/// <summary>
/// Text of people and of other machines as it may stand in a log: on one line, without anything that a terminal would act on or that would
/// turn the direction of reading, and not endless. Whoever writes a name with a line break in it must not be able to write log lines.
/// </summary>
public static class LogText
{
    /// <summary>Longest value, in UTF-16 units; what is longer is cut and says by how much.</summary>
    public const int Longest = 2048;

    /// <summary>Longest exception with its stack, in UTF-16 units.</summary>
    public const int LongestFault = 4 * Longest;

    /// <summary>Writes control and format characters, line and paragraph separators and halves of pairs as <c>\u202E</c>, and a backslash doubled.</summary>
    public static string Escape(string text, int longest = Longest)
    {
        var cut = Cut(text, longest);
        if (!cut.Any(NeedsEscape))
        {
            return cut;
        }

        var escaped = new StringBuilder(cut.Length + 16);
        for (var at = 0; at < cut.Length; at++)
        {
            if (Rune.TryGetRuneAt(cut, at, out var rune) && !NeedsEscape(rune))
            {
                escaped.Append(cut, at, rune.Utf16SequenceLength);
                at += rune.Utf16SequenceLength - 1;
            }
            else
            {
                Append(escaped, cut[at]);
            }
        }

        return escaped.ToString();
    }

    /// <summary>The text when it is short enough, else its beginning and how many units are missing.</summary>
    public static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}… ({text.Length - end} more)");
    }

    // A cheap look first: almost no text has any.
    static bool NeedsEscape(char letter) => letter is '\\' or < ' ' or (>= '\x7f' and <= '\xa0') or '\u00ad' || (letter > '\u0500' && (char.IsSurrogate(letter) || IsUnseen(char.GetUnicodeCategory(letter))));

    static bool NeedsEscape(Rune rune) => rune.Value == '\\' || IsUnseen(Rune.GetUnicodeCategory(rune));

    static bool IsUnseen(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;

    static void Append(StringBuilder escaped, char letter) => _ = letter switch
    {
        '\\' => escaped.Append(@"\\"),
        '\n' => escaped.Append(@"\n"),
        '\r' => escaped.Append(@"\r"),
        '\t' => escaped.Append(@"\t"),
        _ => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}"),
    };
}
