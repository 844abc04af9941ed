using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Portal.Shell;
using Portal.Tests.Support;

namespace Portal.Tests.Shell;

/// <summary>Whatever an event holds, it is one line, and nothing in it acts on who reads it.</summary>
public sealed class LogFormattersTests
{
    static readonly ConsoleFormatter[] Formatters = [new LineFormatter(), new JsonLineFormatter(TimeProvider.System)];

    [Fact]
    public void Event_is_one_line_of_seen_characters_whatever_is_in_it()
    {
        Assert.True(BadTexts.Each.Count >= 60);
        foreach (var text in BadTexts.Each)
        {
            foreach (var formatter in Formatters)
            {
                var line = Write(formatter, text, "Portal.Category" + text, new InvalidOperationException(text, new IOException(text)));

                Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
                Assert.All(line[..^1].EnumerateRunes(), rune => Assert.False(
                    char.IsControl((char)(rune.IsBmp ? rune.Value : 'x')) || System.Text.Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format
                        or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator || rune.Value == 0xFFFD,
                    $"U+{rune.Value:X4} in {line}"));
            }
        }
    }

    [Fact]
    public void Values_can_be_read_back_by_name()
    {
        using var json = JsonDocument.Parse(Write(Formatters[1], "one\r\n\u202Etwo", "Portal.Test", null));

        Assert.Equal("one\r\n\u202Etwo", json.RootElement.GetProperty("values").GetProperty("Name").GetString());
        Assert.Equal("Somebody called one\r\n\u202Etwo came", json.RootElement.GetProperty("message").GetString());
        Assert.Equal("Warning", json.RootElement.GetProperty("level").GetString());
    }

    [Theory]
    [InlineData("one\r\ntwo\\three", @"one\r\ntwo\\three")]
    [InlineData("\u001b[31m\u0085\u2028\u202e", @"\u001B[31m\u0085\u2028\u202E")]
    [InlineData("团队 é 😀", "团队 é 😀")]
    public void Text_is_escaped_so_that_it_stays_readable(string text, string escaped) => Assert.Equal(escaped, LogText.Escape(text));

    [Fact]
    public void Half_of_a_pair_is_escaped_and_a_whole_one_is_not() => Assert.Equal(@"a\uD800b😀\uDC00", LogText.Escape("a\ud800b😀\udc00"));

    [Fact]
    public void Long_values_are_cut_and_say_so()
    {
        Assert.Equal(new string('x', 2048) + "… (952 more)", LogText.Escape(new string('x', 3000)));
        Assert.Equal(new string('x', 2047) + "… (2 more)", LogText.Escape(new string('x', 2047) + "😀"));
        Assert.All(Formatters, formatter => Assert.InRange(Write(formatter, new string('\u0001', 1024 * 1024), "Portal.Test", null).Length, 100, 40_000));
    }

    [Fact]
    public void Line_begins_with_the_level_and_names_who_speaks() =>
        Assert.Equal("warn: Portal.Test[7] Somebody called Dana came\n", Write(Formatters[0], "Dana", "Portal.Test", null));

    static string Write(ConsoleFormatter formatter, string name, string category, Exception? fault)
    {
        using var text = new StringWriter();
        var state = new Dictionary<string, object?> { ["Name"] = name, ["{OriginalFormat}"] = "Somebody called {Name} came" };
        formatter.Write(
            new LogEntry<Dictionary<string, object?>>(LogLevel.Warning, category, new EventId(7), state, fault, (values, _) => $"Somebody called {values["Name"]} came"), null, text);
        return text.ToString();
    }
}
