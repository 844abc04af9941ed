using Microsoft.AspNetCore.Components;

namespace Portal.Live;

/// <summary>
/// A page that shows what is in the database and follows it: subscribes, then loads; loads again when something it shows
/// changed; a new load cancels the one before it.
/// </summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    readonly CancellationTokenSource closed = new();
    CancellationTokenSource? running;
    IDisposable? subscription;
    Guid? subscribedTo;
    bool subscribed;
    bool reloadIsComing;

    // Several changes in a row are one reload: the last one is never missed.
    static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    [Inject] public required Changes Changes { get; init; }

    /// <summary>The request that the page shows; null for pages that show many.</summary>
    protected virtual Guid? Watched => null;

    /// <summary>True until the first load ended.</summary>
    protected bool IsLoading { get; private set; } = true;

    /// <summary>Reads what the page shows. Called on the page's own context; the token ends with a newer load or with the page.</summary>
    protected abstract Task LoadAsync(CancellationToken token);

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (!subscribed || subscribedTo != Watched)
        {
            subscription?.Dispose();
            subscription = Changes.Subscribe(Watched, () => InvokeAsync(ReloadSoonAsync));
            (subscribed, subscribedTo) = (true, Watched);
        }

        await ReloadAsync();
    }

    async Task ReloadSoonAsync()
    {
        if (reloadIsComing)
        {
            return;
        }

        reloadIsComing = true;
        do
        {
            await Task.Delay(Gather);
        }
        while (running is not null && !closed.IsCancellationRequested);

        // Only now: a load that is slower than the changes come must still be let to its end.
        reloadIsComing = false;
        await ReloadAsync();
    }

    /// <summary>Loads again now; a load that is under way is cancelled.</summary>
    protected async Task ReloadAsync()
    {
        if (closed.IsCancellationRequested)
        {
            return;
        }

        if (running is not null)
        {
            await running.CancelAsync();
            if (closed.IsCancellationRequested)
            {
                return;
            }
        }

        using var mine = CancellationTokenSource.CreateLinkedTokenSource(closed.Token);
        running = mine;
        try
        {
            await LoadAsync(mine.Token);
            IsLoading = false;
        }
        catch (OperationCanceledException)
        {
            // A newer load has taken over, or the person is on the way to another page.
            return;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            await DispatchExceptionAsync(failure);
        }
        finally
        {
            if (running == mine)
            {
                running = null;
            }
        }

        StateHasChanged();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the subscription and the load that is under way.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || closed.IsCancellationRequested)
        {
            return;
        }

        subscription?.Dispose();
        closed.Cancel();
        closed.Dispose();
    }
}
