using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Controls;
using Radzen;

namespace Portal.Dispatch;

/// <summary>What the portal could not find out by itself, with its evidence, for people to settle.</summary>
public sealed partial class OutcomeDeskPage
{
    IReadOnlyList<DeskRow> rows = [];
    Actor? actor;
    string? done;

    [Inject] public required CurrentActor Current { get; init; }

    [Inject] public required OutcomeDesk Desk { get; init; }

    [Inject] public required OutcomeService Outcomes { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Clock Clock { get; init; }

    [Inject] public required IStringLocalizer<Words> Words { get; init; }

    /// <inheritdoc />
    protected override async Task LoadAsync(CancellationToken token)
    {
        var person = await Current.GetAsync();
        rows = await Desk.RowsAsync(person, token);
        actor = person;
    }

    Task SettleAsync(DeskRow row, SettlementAction action)
    {
        var proposes = row.NeedsSecond && action != SettlementAction.CheckAgain;
        var question = Words["Settle." + action + ".Question"].Value + (proposes ? " " + Words["Outcomes.WillBeProposed"].Value : "");
        return AskAndDoAsync(
            row, question, action.ToString(), danger: action is SettlementAction.SendAgain or SettlementAction.MarkFailed, noteOptional: false,
            (note, person) => Outcomes.SettleAsync(row.Item.Id, action, note, person, CancellationToken.None));
    }

    Task AnswerAsync(DeskRow row, bool agrees)
    {
        var open = row.Open!;
        var word = agrees ? "Agree" : open.ActorId == actor!.Id ? "TakeBack" : "Disagree";
        var question = Words["Settle." + word + ".Question", Words["Settle." + open.Action].Value].Value;
        return AskAndDoAsync(
            row, question, word, danger: word == "Disagree", noteOptional: agrees,
            (note, person) => Outcomes.SecondAsync(open.Id, agrees, note, person, CancellationToken.None));
    }

    async Task AskAndDoAsync(
        DeskRow row, string question, string word, bool danger, bool noteOptional, Func<string, Actor, Task<Outcome<Settlement>>> act)
    {
        done = null;
        await ConfirmDialog.AskAsync(
            Dialogs, $"#{row.Request.Number}: {Words["Settle." + word]}", question, Words["Settle." + word], DoAsync, danger,
            Words[word is "MarkSucceeded" or "MarkFailed" ? "Outcomes.Note" : "Confirm.Reason"], noteOptional);
        await ReloadAsync();

        async Task<Refusal?> DoAsync(string note)
        {
            var outcome = await act(note, await Current.GetAsync());
            done = outcome.IsDone ? Told(row, outcome.Value) : null;
            return outcome.Refusal;
        }
    }

    string Told(DeskRow row, Settlement settlement) =>
        Words["Outcomes.Did." + settlement.State, row.Request.Number, Words["Settle." + settlement.Action].Value];
}
