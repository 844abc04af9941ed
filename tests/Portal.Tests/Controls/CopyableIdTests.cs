using Bunit;
using Portal.Controls;

namespace Portal.Tests.Controls;

public sealed class CopyableIdTests : ControlTest
{
    [Theory]
    [InlineData("6f0c7f5e-2f0c-4d5c-9f54-7c8c8d1f5b20", 12, "6f0c7f…f5b20")]
    [InlineData("short", 12, "short")]
    [InlineData("exactly-twelv", 13, "exactly-twelv")]
    [InlineData("anything", 0, "anything")]
    [InlineData("abcdef", 3, "a…f")]
    public void Shorten_both_ends_stay(string value, int max, string shown) =>
        Assert.Equal(shown, CopyableId.Shorten(value, max));

    [Theory]
    [InlineData("ab🙂cdefgh", 6)]
    [InlineData("abcdefgh🙂ij", 8)]
    public void Shorten_no_half_characters_are_left(string value, int max) =>
        Assert.DoesNotContain('\uFFFD', string.Concat(CopyableId.Shorten(value, max).EnumerateRunes()));

    [Fact]
    public void Render_shows_the_short_form_and_copies_the_long_one()
    {
        var cut = Render<CopyableId>(p => p.Add(c => c.Value, "6f0c7f5e-2f0c-4d5c-9f54-7c8c8d1f5b20").Add(c => c.Label, "jid").Add(c => c.Max, 12));

        Assert.Equal("6f0c7f…f5b20", cut.Find("code").TextContent);
        Assert.Equal("6f0c7f5e-2f0c-4d5c-9f54-7c8c8d1f5b20", cut.Find("button").GetAttribute("data-copy"));
        Assert.Equal("Copy jid", cut.Find("button").GetAttribute("aria-label"));
    }
}
