using Bunit;
using Portal.Controls;

namespace Portal.Tests.Controls;

public sealed class StatusBadgeTests : ControlTest
{
    [Fact]
    public void Render_every_tone_has_the_word_and_an_icon()
    {
        foreach (var tone in Enum.GetValues<Tone>())
        {
            var cut = Render<StatusBadge>(p => p.Add(c => c.Tone, tone).Add(c => c.Text, "Waiting for approval"));
            Assert.Equal("Waiting for approval", cut.Find(".badge").TextContent);
            Assert.Single(cut.FindAll("svg path"));
        }
    }

    [Fact]
    public void Tones_no_two_share_an_icon_so_that_colour_is_never_alone() =>
        Assert.Equal(Enum.GetValues<Tone>().Length, Enum.GetValues<Tone>().Select(tone => tone.Icon()).Distinct().Count());

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Render_without_a_word_is_refused(string text) =>
        Assert.Throws<ArgumentException>(() => Render<StatusBadge>(p => p.Add(c => c.Tone, Tone.Good).Add(c => c.Text, text)));

    [Fact]
    public void Icon_an_unknown_name_is_refused() =>
        Assert.Throws<ArgumentException>(() => Render<Icon>(p => p.Add(c => c.Name, "no-such-icon")));
}
