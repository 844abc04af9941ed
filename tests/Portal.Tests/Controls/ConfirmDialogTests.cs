using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Controls;
using Radzen;
using Radzen.Blazor;

namespace Portal.Tests.Controls;

/// <summary>The question before something that cannot be taken back.</summary>
public sealed class ConfirmDialogTests : ControlTest
{
    readonly List<string> done = [];
    Refusal? refusal;
    IRenderedComponent<RadzenDialog> page = null!;
    Task<bool> asked = null!;

    [Fact]
    public async Task Reason_is_still_there_when_it_was_refused_and_is_taken_at_the_second_try()
    {
        refusal = new TooOften(RateLimit.Change, TimeSpan.FromSeconds(7), IsFirst: true);
        Ask();
        await page.Find("textarea").InputAsync("The contract ended.");

        await Button("Shut out").ClickAsync();

        Assert.Contains("7", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("The contract ended.", page.Find("textarea").GetAttribute("value"));
        Assert.False(asked.IsCompleted);

        refusal = null;
        await Button("Shut out").ClickAsync();

        Assert.True(await asked);
        Assert.Equal(["The contract ended.", "The contract ended."], done);
    }

    [Fact]
    public async Task Without_its_reason_nothing_is_done()
    {
        Ask();

        await Button("Shut out").ClickAsync();

        Assert.NotEmpty(page.FindAll("[aria-invalid=true]"));
        Assert.Empty(done);
        await Button("Cancel").ClickAsync();
        Assert.False(await asked);
        Assert.Empty(done);
    }

    [Fact]
    public async Task Fault_is_thrown_where_the_question_was_asked()
    {
        Ask(_ => throw new TimeoutException("The database does not answer."));
        await page.Find("textarea").InputAsync("Why not");

        await Button("Shut out").ClickAsync();

        var fault = await Assert.ThrowsAsync<TimeoutException>(() => asked);
        Assert.Equal("The database does not answer.", fault.Message);
        Assert.Empty(page.FindAll("textarea"));
    }

    void Ask(Func<string, Task<Refusal?>>? act = null)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddRadzenComponents();
        page = Render<RadzenDialog>();
        asked = page.InvokeAsync(() => ConfirmDialog.AskAsync(
            Services.GetRequiredService<DialogService>(), "Shut out Dana?", "They are signed out at once.", "Shut out", act ?? DoAsync, danger: true, "Reason"));
    }

    Task<Refusal?> DoAsync(string note)
    {
        done.Add(note);
        return Task.FromResult(refusal);
    }

    IElement Button(string text) => page.FindAll("button").Single(button => button.TextContent == text);
}
