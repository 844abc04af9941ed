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
        await GoIntoAsync(cut);
        await cut.WaitForElementsAsync("[role=option]", 2);

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

        await GoIntoAsync(cut);

        await cut.WaitForAssertionAsync(() => Assert.Contains("could not be loaded", cut.Find(".choice-note").TextContent, StringComparison.Ordinal));
        await cut.Find("input").InputAsync(new() { Value = "typed" });
        Assert.Equal("typed", value);
    }

    [Fact]
    public async Task Input_a_newer_key_wins_over_a_list_that_is_still_on_its_way()
    {
        var slow = new TaskCompletionSource<IReadOnlyList<Choice>>();
        var cut = Box((text, token) => text.Length == 0 ? slow.Task.WaitAsync(token) : Task.FromResult<IReadOnlyList<Choice>>([new("front")]));
        await GoIntoAsync(cut);

        await cut.Find("input").InputAsync(new() { Value = "fr" });
        slow.SetResult(Organizations);

        await cut.WaitForElementsAsync("[role=option]", 1);
    }

    [Fact]
    public async Task Leave_closes_the_list_and_coming_back_opens_it_again()
    {
        var cut = Box((_, _) => Task.FromResult(Organizations));
        await GoIntoAsync(cut);

        await cut.Find("input").FocusOutAsync(new FocusEventArgs());
        Assert.Equal("false", cut.Find("input").GetAttribute("aria-expanded"));
        await GoIntoAsync(cut);

        Assert.Equal("true", cut.Find("input").GetAttribute("aria-expanded"));
    }

    // A browser tells the box of the focus in two events: one that bubbles, and one that does not.
    static async Task GoIntoAsync(IRenderedComponent<ChoiceBox> cut)
    {
        await cut.Find("input").FocusInAsync(new FocusEventArgs());
        _ = cut.Find("input").FocusAsync(new FocusEventArgs());
    }

    IRenderedComponent<ChoiceBox> Box(Func<string, CancellationToken, Task<IReadOnlyList<Choice>>> suggest) =>
        Render<ChoiceBox>(p => p.Add(c => c.Label, "Organization").Add(c => c.Suggest, suggest).Add(c => c.ValueChanged, text => value = text));
}
