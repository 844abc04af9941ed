using System.Text;

namespace Portal.Tests.Support;

/// <summary>
/// Texts that programs stumble over, in an order that a seed decides. The same seed gives the same texts; a test says which one it had.
/// </summary>
public sealed class BadTexts
{
    /// <summary>Sets the seed of every test that uses these texts; without it the seed is always the same.</summary>
    public const string SeedVariable = "PORTAL_TEST_SEED";

    /// <summary>How many times as many inputs as usual are tried.</summary>
    public const string TimesVariable = "PORTAL_TEST_BAD_INPUT_TIMES";

    readonly Random random;

    /// <summary>Begins anew; tests that run side by side take different places.</summary>
    public BadTexts(int place)
    {
        Seed = Number(SeedVariable, 20261122);
        random = new Random(unchecked((Seed * 31) + place));
    }

    /// <summary>What <see cref="SeedVariable"/> is, or its usual value.</summary>
    public int Seed { get; }

    /// <summary>What <see cref="TimesVariable"/> is, or 1.</summary>
    public static int Times => Number(TimesVariable, 1);

    /// <summary>Each kind of trouble once.</summary>
    public static IReadOnlyList<string> Each { get; } =
    [
        "", " ", "\0", "a\0b", "\t\n\r", "one\r\ntwo", "one\u2028two\u2029three", "a\u0085b", "\u001b[31mred\u001b[0m", "\u009b2J", "\u007f", "\ufeffbom",
        "\ud800", "\udc00x", "a\udbff\ud800", "\u202Eabc\u202C", "\u2066\u2069", "\u200f\u061c", "مرحبا بالعالم", "שלום", "a\u0301\u0301\u0301\u0301\u0301", "e\u0301", "é",
        "😀👩‍👩‍👧‍👦🏳️‍🌈", "\U000E0041", "\U0010FFFF", "'", "\"", "`", "''; drop table portal.request; --", "1' or '1'='1", "\\", "\\x00\\u0000", "%00%0d%0a", "%", "_", "%_%",
        "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{0}{1}{99}", "%s%n%x", "../../../../etc/passwd", "..\\..\\windows", "//example.com", "/\\example.com", "javascript:alert(1)",
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]>", "<!--", "=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "\t=1", "-0", "-9223372036854775808", "9223372036854775808",
        "99999999999999999999999999999999", "1e400", "NaN", "Infinity", "-Infinity", "0x10", "٣", "１２", "1,5", "00000000-0000-0000-0000-000000000000", "{}", "[]", "null", "true", "undefined",
        "İ", "ı", "ß", "ǅ", "ﬀ", "\u212A", "ｔｅａｍ", "𝕥𝕖𝕒𝕞", "2026-02-30", "9999-12-31", "0000-00-00", "con", "nul", "…", "\u00a0\u3000", "a,b;c|d", "*", "dispatch.*", "4xx", "#1042", "~!@#$^&*()_+",
    ];

    /// <summary>What a database or JSON does not take at all: tried at every place, not only where chance puts it.</summary>
    public static IReadOnlyList<string> Always { get; } = ["\0", "a\0b", "\ud800"];

    /// <summary>The next text: one of <see cref="Each"/>, several of them, one repeated, any units, or now and then a megabyte.</summary>
    public string Next() => random.Next(100) switch
    {
        < 55 => One(),
        < 75 => One() + One() + One(),
        < 85 => string.Concat(Enumerable.Repeat(One(), random.Next(2, 400))),
        < 99 => new string([.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => (char)random.Next(0x10000))]),
        _ => new string('x', 1024 * 1024),
    };

    /// <summary>One of the given.</summary>
    public T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>A number from 0 to below.</summary>
    public int Below(int limit) => random.Next(limit);

    /// <summary>As bytes: UTF-8 where it can be, now and then bytes that are none.</summary>
    public byte[] Bytes(string text) => random.Next(12) == 0 ? [0xC0, 0xAF, 0xFF, .. Encoding.UTF8.GetBytes(text), 0xE2, 0x28] : Encoding.UTF8.GetBytes(text);

    string One() => Each[random.Next(Each.Count)];

    static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;
}
