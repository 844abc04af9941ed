using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Portal.Controls;

namespace Portal.Tests.Controls;

public sealed class ChoiceBoxTests : ControlTest
{
    static readonly IReadOnlyList<Choice> Organizations = [new("backend"), new("frontend")];
    string value = "";

    [Fact]
    public void Render_the_label_is_the_name_and_points_at_the_box()
    {
        var cut = Box((_, _) => Task.FromResult(Organizations));

        Assert.Equal("Organization", cut.Find("label").TextContent);
        Assert.Equal(cut.Find("label").GetAttribute("for"), cut.Find("input").Id);
    }

    [Fact]
    public async Task Enter_takes_the_suggestion_that_the_arrows_chose()
    {
        var cut = Box((_, _) => Task.FromResult(Organizations));
        await cut.Find("input").FocusAsync(new FocusEventArgs());
        Time.Advance(TimeSpan.FromSeconds(1));
        cut.WaitForElements("[role=option]", 2);

        await cut.Find("input").KeyDownAsync(new KeyboardEventArgs { Key = "ArrowDown" });
        await cut.Find("input").KeyDownAsync(new KeyboardEventArgs { Key = "ArrowDown" });
        Assert.Equal(cut.FindAll("[role=option]")[1].Id, cut.Find("input").GetAttribute("aria-activedescendant"));
        await cut.Find("input").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });

        Assert.Equal("frontend", value);
        Assert.Equal("false", cut.Find("input").GetAttribute("aria-expanded"));
    }

    [Fact]
    public async Task Input_a_name_that_is_in_no_list_is_kept()
    {
        var cut = Box((_, _) => Task.FromResult(Organizations));

        await cut.Find("input").InputAsync(new() { Value = "brand-new" });

        Assert.Equal("brand-new", value);
    }

    [Fact]
    public async Task Open_a_list_that_cannot_be_had_says_so_and_typing_goes_on()
    {
        var cut = Box((_, _) => throw new HttpRequestException("The region does not answer."));

        await cut.Find("input").FocusAsync(new FocusEventArgs());

        cut.WaitForAssertion(() => Assert.Contains("could not be loaded", cut.Find(".choice-note").TextContent, StringComparison.Ordinal));
        await cut.Find("input").InputAsync(new() { Value = "typed" });
        Assert.Equal("typed", value);
    }

    IRenderedComponent<ChoiceBox> Box(Func<string, CancellationToken, Task<IReadOnlyList<Choice>>> suggest) =>
        Render<ChoiceBox>(p => p.Add(c => c.Label, "Organization").Add(c => c.Suggest, suggest).Add(c => c.ValueChanged, text => value = text));
}
