using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Controls;
using Portal.Health;
using Radzen;

namespace Portal.Dispatch;

/// <summary>How the calls to each service and region stand, live; pausing and resuming them one by one or all together.</summary>
public sealed partial class OperationsPage
{
    IReadOnlyList<LaneRow> rows = [];
    IReadOnlyList<PartState> parts = [];
    Lane? maintenance;
    Actor? actor;
    Refusal? refusal;
    bool busy;

    [Inject] public required CurrentActor Current { get; init; }

    [Inject] public required LaneService Lanes { get; init; }

    [Inject] public required HealthService Health { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required IStringLocalizer<Words> Words { get; init; }

    bool mayOperate => actor!.May(Permission.Operate);

    bool IsQuiet => maintenance is null && rows.All(row =>
        row.Due + row.Waiting + row.Sending + row.Observing + row.Unknown + row.OnDesk == 0
        && row.ThrottledUntil is null && row.Lane is null or { PausedAt: null, OpenUntil: null });

    /// <inheritdoc />
    protected override async Task LoadAsync(CancellationToken token)
    {
        var person = await Current.GetAsync();
        rows = await Lanes.BoardAsync(person, token);
        maintenance = await Lanes.MaintenanceAsync(token);
        parts = OutcomeDesk.MaySee(person) ? (await Health.PartsAsync(person, token)).Value : [];
        actor = person;
    }

    async Task PauseAsync(string lane)
    {
        var (title, question) = lane == Lane.Every
            ? (Words["Maintenance.Start"], Words["Maintenance.Question"])
            : (Words["Operations.PauseTitle", LaneName.Of(lane, Words)], Words["Operations.PauseQuestion"]);
        await ConfirmDialog.AskAsync(
            Dialogs, title, question, Words[lane == Lane.Every ? "Maintenance.Yes" : "Operations.Pause"],
            async reason => (await Lanes.PauseAsync(lane, reason, await Current.GetAsync(), CancellationToken.None)).Refusal,
            danger: true, Words["Confirm.Reason"]);
        refusal = null;
        await ReloadAsync();
    }

    Task ResumeAsync(string lane) => ChangeAsync(async person => (await Lanes.ResumeAsync(lane, person, CancellationToken.None)).Refusal);

    async Task ChangeAsync(Func<Actor, Task<Refusal?>> change)
    {
        if (busy)
        {
            return;
        }

        busy = true;
        try
        {
            refusal = await change(await Current.GetAsync());
            await ReloadAsync();
        }
        finally
        {
            busy = false;
        }
    }
}
