using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Portal.Controls;

/// <summary>A text box that suggests real objects (organizations, repositories) and still takes anything that is typed.</summary>
public sealed partial class ChoiceBox(TimeProvider time, ILogger<ChoiceBox> log)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    readonly string listId = FieldSlot.NextId() + "-list";
    IReadOnlyList<Choice> choices = [];
    CancellationTokenSource? load;
    ListState state;
    string? whyNone;
    bool open;
    bool inside;
    int active = -1;

    enum ListState { Loading, Ready, Failed }

    /// <summary>The field's name; exactly this is the box's accessible name.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>The text, for <c>@bind-Value</c>.</summary>
    [Parameter]
    public string? Value { get; set; }

    /// <summary>Raised at every key and when a suggestion is taken.</summary>
    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    /// <summary>Finds suggestions for the text typed so far. An exception shows "could not load the list: type it".</summary>
    [Parameter, EditorRequired]
    public required Func<string, CancellationToken, Task<IReadOnlyList<Choice>>> Suggest { get; set; }

    /// <summary>How to fill it.</summary>
    [Parameter]
    public string? Hint { get; set; }

    /// <summary>What is wrong with the text, or null.</summary>
    [Parameter]
    public string? Error { get; set; }

    /// <summary>Says beside the label that it may stay empty.</summary>
    [Parameter]
    public bool Optional { get; set; }

    /// <summary>An example inside the empty box.</summary>
    [Parameter]
    public string? Placeholder { get; set; }

    /// <summary>Takes no input now.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Gives up a list that is still on its way.</summary>
    public void Dispose()
    {
        load?.Cancel();
        load?.Dispose();
        load = null;
    }

    bool Listing => open && choices.Count > 0;

    string OptionId(int index) => $"{listId}-{index}";

    async Task TypeAsync(string? text)
    {
        await ValueChanged.InvokeAsync(text ?? "");
        await LoadAsync(text ?? "", Pause);
    }

    // Coming into a filled box shows everything: the text there is a choice already made, not a search.
    Task OpenAsync() => open || Disabled ? Task.CompletedTask : LoadAsync("", TimeSpan.Zero);

    void Enter() => inside = true;

    void Leave()
    {
        inside = false;
        Close();
    }

    void Close()
    {
        open = false;
        active = -1;
        load?.Cancel();
    }

    async Task TakeAsync(Choice choice)
    {
        Close();
        await ValueChanged.InvokeAsync(choice.Value);
    }

    async Task KeyAsync(KeyboardEventArgs e)
    {
        switch (e.Key)
        {
            case "ArrowDown" when !open:
                await OpenAsync();
                break;
            case "ArrowDown" when choices.Count > 0:
                active = (active + 1) % choices.Count;
                break;
            case "ArrowUp" when open && choices.Count > 0:
                active = active <= 0 ? choices.Count - 1 : active - 1;
                break;
            case "Enter" when open && active >= 0 && active < choices.Count:
                await TakeAsync(choices[active]);
                break;
            case "Escape" or "Tab":
                Close();
                break;
        }
    }

    async Task LoadAsync(string text, TimeSpan pause)
    {
        var older = load;
        load = new CancellationTokenSource();
        var token = load.Token;
        if (older is not null)
        {
            await older.CancelAsync();
            older.Dispose();
        }

        // While the older load was being given up, a newer one may have begun, or the person may have gone on to another field.
        if (token.IsCancellationRequested || !inside)
            return;
        (open, active, state, whyNone) = (true, -1, ListState.Loading, null);
        try
        {
            await Task.Delay(pause, time, token);
            var found = await Suggest(text, token);
            token.ThrowIfCancellationRequested();
            (choices, state) = (found, ListState.Ready);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The next key, or leaving the box, has taken over.
        }
        catch (NoSuggestionsException reason)
        {
            if (!token.IsCancellationRequested)
                (choices, state, whyNone) = ([], ListState.Failed, reason.Message);
        }
#pragma warning disable CA1031 // Whatever keeps the list away, the box still takes typing, and says so.
        catch (Exception fault)
        {
            LogNoList(log, fault, Label);
            if (!token.IsCancellationRequested)
                (choices, state) = ([], ListState.Failed);
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The suggestions for {Field} could not be loaded")]
    static partial void LogNoList(ILogger log, Exception fault, string field);
}
