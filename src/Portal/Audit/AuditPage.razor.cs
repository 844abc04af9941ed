using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Portal.Access;

namespace Portal.Audit;

/// <summary>
/// The trail, searched by what stands in the address. It never moves under the reader: what is new is announced, and shown when asked for.
/// </summary>
public sealed partial class AuditPage
{
    AuditFilter filter = new();
    AuditFilter? asked;
    Task<Outcome<AuditRows>>? answer;
    Task<Outcome<AuditRows>>? taken;
    CancellationTokenSource? search;
    AuditRows? shown;
    Actor? actor;
    Refusal? refusal;
    int newer;

    [Inject] public required CurrentActor Current { get; init; }

    [Inject] public required AuditService Audit { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    AuditFilter Wanted => AuditFilter.Parse(new Uri(Navigation.Uri).Query);

    string FirstPage => "/audit" + filter.WithoutPage.ToQuery();

    /// <inheritdoc />
    protected override void OnInitialized() => Navigation.LocationChanged += Moved;

    /// <inheritdoc />
    protected override async Task LoadAsync(CancellationToken token)
    {
        actor = await Current.GetAsync();
        if (answer is not null && asked == Wanted)
        {
            await CountNewAsync(token);
            return;
        }

        (asked, filter) = (Wanted, Wanted);
        search?.Cancel();
        search?.Dispose();
        search = new CancellationTokenSource();
        answer = Audit.PageAsync(filter, actor, search.Token);
        await TakeAsync(answer, token);
    }

    // A change that comes while a slow search runs waits for that search: begun anew each time, it would never end.
    async Task CountNewAsync(CancellationToken token)
    {
        if (taken != answer)
        {
            await TakeAsync(answer!, token);
        }

        if (refusal is null)
        {
            var count = await Audit.CountNewerAsync(filter, shown!.Newest, actor!, token);
            newer = count.IsDone ? count.Value : newer;
        }
    }

    async Task TakeAsync(Task<Outcome<AuditRows>> coming, CancellationToken token)
    {
        var outcome = await coming.WaitAsync(token);
        taken = coming;
        (refusal, shown, newer) = (outcome.Refusal, outcome.IsDone ? outcome.Value : null, 0);
        // The same search may be asked for again.
        answer = refusal is TooOften ? null : answer;
    }

    void Search(AuditFilter wanted) => Navigation.NavigateTo("/audit" + wanted.WithoutPage.ToQuery());

    async Task ShowNewAsync()
    {
        if (filter == filter.WithoutPage)
        {
            answer = null;
            await ReloadAsync();
        }
        else
        {
            Navigation.NavigateTo(FirstPage);
        }
    }

    string PageLink(int page) => "/audit" + (page == 1 ? filter.WithoutPage : filter with { Page = page, UpTo = shown?.Newest?.Id }).ToQuery();

    string ExportLink(string format) => $"/audit/export.{format}{filter.WithoutPage.ToQuery()}";

    void Moved(object? sender, LocationChangedEventArgs e)
    {
        // Leaving is a move too, and the page is still here when it is told.
        if (new Uri(e.Location).AbsolutePath == "/audit")
        {
            _ = InvokeAsync(ReloadAsync);
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Navigation.LocationChanged -= Moved;
            search?.Cancel();
            search?.Dispose();
            search = null;
        }

        base.Dispose(disposing);
    }
}
