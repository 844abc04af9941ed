using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Controls;
using Portal.Huawei;
using Portal.Kinds;
using Radzen;

namespace Portal.Requests;

/// <summary>One request, whole and live: where it stands, what was asked for, what was sent, what happened.</summary>
public sealed partial class RequestPage
{
    const int MostAttempts = 50;
    const int MostPanels = 3;

    RequestDetail? detail;
    IReadOnlyList<RequestItem> items = [];
    IReadOnlyList<AttemptRow> attempts = [];
    CloudCall? call;
    Actor? actor;
    Refusal? refusal;
    Refusal? actionRefusal;
    bool busy;

    /// <summary>The request, from the address.</summary>
    [Parameter] public Guid Id { get; set; }

    [Inject] public required CurrentActor Current { get; init; }

    [Inject] public required RequestReader Reader { get; init; }

    [Inject] public required RequestService Service { get; init; }

    [Inject] public required FollowUpService FollowUps { get; init; }

    [Inject] public required GiveLoginService Logins { get; init; }

    [Inject] public required Clock Clock { get; init; }

    [Inject] public required KindList Kinds { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required IStringLocalizer<Words> Words { get; init; }

    /// <inheritdoc />
    protected override Guid? Watched => Id;

    Request Shown => detail!.Request;

    bool IsMine => Shown.RequesterId == actor?.Id;

    (string By, string? Why)? Denial => detail!.History.LastOrDefault(row => row.Kind == Audit.AuditKind.ApprovalDenied) is { } row
        ? (row.ActorName, JsonNode.Parse(row.Doc)?["facts"]?["comment"]?.ToString())
        : null;

    bool mayOperate => actor!.May(Permission.Operate) || actor.May(Permission.Administer);

    bool NeedsLogin => items.Any(item => item.State == ItemState.NeedsLogin);

    string Now => NeedsLogin ? nameof(ItemState.NeedsLogin) : Shown.State.ToString();

    // Of interest only where something could still be sent under it.
    bool ShowsApproval => Shown.State == RequestState.Approved || RequestLife.Retryable.Contains(Shown.State);

    /// <inheritdoc />
    protected override async Task LoadAsync(CancellationToken token)
    {
        actor = await Current.GetAsync();
        var outcome = await Reader.FindAsync(Id, actor, token);
        refusal = outcome.Refusal;
        if (!outcome.IsDone)
        {
            return;
        }

        attempts = await Reader.AttemptsAsync(Id, MostAttempts, actor, token);
        detail = outcome.Value;
        var (kind, payload) = (Kinds[Shown.Kind], Shown.PayloadTree());
        call = kind.PreviewFor(payload);
        var places = kind.PartsOf(payload).Index().ToDictionary(part => part.Item, part => part.Index, StringComparer.Ordinal);
        items = [.. Shown.Items.OrderBy(item => places.GetValueOrDefault(item.Part, int.MaxValue))];
    }

    Task WithdrawAsync() => AskAsync("Withdraw", noteOptional: null, (_, person) => Service.WithdrawAsync(Id, person, CancellationToken.None));

    Task CancelAsync() => AskAsync("Cancel", noteOptional: IsMine, (note, person) => FollowUps.CancelAsync(Id, note, person, CancellationToken.None));

    Task StopFollowingAsync() =>
        AskAsync("StopFollowing", noteOptional: IsMine, (note, person) => FollowUps.StopFollowingAsync(Id, note, person, CancellationToken.None));

    Task RetryAsync() => ActAsync(person => FollowUps.RetryFailedAsync(Id, person, CancellationToken.None));

    Task GiveLoginAsync(LoginInput login) => ActAsync(person => Logins.GiveAsync(Id, login, person, CancellationToken.None));

    /// <param name="what">The end of the names of the words.</param>
    /// <param name="noteOptional">Whether the reason may be left out; null asks for none.</param>
    /// <param name="act">Does it.</param>
    async Task AskAsync(string what, bool? noteOptional, Func<string, Actor, Task<Outcome<Request>>> act)
    {
        var words = "Request." + what;
        await ConfirmDialog.AskAsync(
            Dialogs, Words[words], Words[words + "Question"], Words[words + "Yes"], async note => (await act(note, await Current.GetAsync())).Refusal,
            danger: true, noteOptional is null ? null : Words["Confirm.Reason"].Value, noteOptional ?? true);
        actionRefusal = null;
        await ReloadAsync();
    }

    async Task ActAsync(Func<Actor, Task<Outcome<Request>>> act)
    {
        if (busy)
        {
            return;
        }

        busy = true;
        try
        {
            actionRefusal = (await act(await Current.GetAsync())).Refusal;
            await ReloadAsync();
        }
        finally
        {
            busy = false;
        }
    }
}
