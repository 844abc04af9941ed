using Portal.Requests;

namespace Portal.Tests.Requests;

public sealed class FreeTextTests
{
    public static TheoryData<string> Fine { get; } =
    [
        "a", "Because\nof\r\nthe\taudit", "因为第二个机房需要", "لأن", "👩‍👩‍👧 fine", "<script>alert(1)</script>", "'; drop table x; --",
        new string('x', 2000), string.Concat(Enumerable.Repeat("😀", 1000)), "\uFFFD", "e\u0301",
    ];

    public static TheoryData<string> Broken { get; } =

        [
        "a\0b", "\0", "a\u0001", "a\u001b[31m", "a\u007f", "a\u0085b", "a\ud800", "\udc00a", "a\ud800\ud800b", "\udc00\ud800",
        "a\u202Eb", "\u202Aa", "a\u2066b\u2069",
    ];

    [Theory]
    [MemberData(nameof(Fine))]
    public void Text_that_people_write_is_taken(string text) => Assert.Null(FreeText.ProblemOf("reason", text, required: true));

    [Theory]
    [MemberData(nameof(Broken))]
    public void Text_that_would_show_as_something_else_is_refused(string text)
    {
        var problem = FreeText.ProblemOf("reason", text, required: false)!;

        Assert.Equal(("reason", "Field.ControlCharacters"), (problem.Field, problem.WordKey));
    }

    [Theory]
    [InlineData(2001)]
    [InlineData(1_000_000)]
    public void Text_that_is_too_long_is_refused_with_its_length(int length)
    {
        var problem = FreeText.ProblemOf("reason", new string('x', length), required: true)!;

        Assert.Equal("Field.TooLong", problem.WordKey);
        Assert.Equal([2000, length], problem.Arguments);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\r\n\u00a0\u3000")]
    public void Text_left_empty_is_refused_only_where_one_is_required(string? text)
    {
        Assert.Equal("Field.Required", FreeText.ProblemOf("reason", text, required: true)!.WordKey);
        Assert.Null(FreeText.ProblemOf("comment", text, required: false));
    }
}
