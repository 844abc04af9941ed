using Microsoft.AspNetCore.Components;
using Portal.Huawei;

namespace Portal.Kinds;

/// <summary>How far a list from the cloud is.</summary>
public enum LookupState
{
    /// <summary>Not enough is known to ask.</summary>
    Waiting,

    Loading,

    Ready,

    /// <summary>The cloud says that there is no such repository.</summary>
    Missing,

    /// <summary>The list could not be had.</summary>
    Failed,
}

/// <summary>A part of a form that lists what is in one image repository, and lists anew when another repository is named.</summary>
public abstract class RepositoryLookup<T> : ComponentBase, IDisposable
{
    // Names are typed letter by letter.
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    (string, string, string)? asked;
    CancellationTokenSource load = new();

    /// <summary>Region of the repository.</summary>
    [Parameter, EditorRequired] public required string Region { get; set; }

    /// <summary>Organization of the repository.</summary>
    [Parameter, EditorRequired] public required string Organization { get; set; }

    /// <summary>Its name.</summary>
    [Parameter, EditorRequired] public required string Repository { get; set; }

    [Inject] public required CloudCatalogue Catalogue { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    [Inject] public required LookupLimit Limit { get; init; }

    /// <summary>Why the portal did not even ask, with <see cref="LookupState.Failed"/>; null when it did.</summary>
    protected Refusal? Refused { get; private set; }

    /// <summary>How far the list is.</summary>
    protected LookupState State { get; private set; }

    /// <summary>What is listed; empty unless <see cref="LookupState.Ready"/>.</summary>
    protected IReadOnlyList<T> Items { get; private set; } = [];

    /// <summary>Asks the cloud.</summary>
    protected abstract Task<Listing<T>> ListAsync(CancellationToken token);

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (asked == (Region, Organization, Repository))
        {
            return;
        }

        var isFirst = asked is null;
        asked = (Region, Organization, Repository);
        await load.CancelAsync();
        load.Dispose();
        load = new CancellationTokenSource();
        (Items, State) = ([], Huawei.Regions.IsId(Region) && ImageRoute.IsImage(Organization, Repository) ? LookupState.Loading : LookupState.Waiting);
        if (State == LookupState.Loading)
        {
            await LoadAsync(isFirst ? TimeSpan.Zero : Pause, load.Token);
        }
    }

    async Task LoadAsync(TimeSpan pause, CancellationToken token)
    {
        try
        {
            await Task.Delay(pause, Time, token);
            Refused = await Limit.WhyNotAsync();
            if (Refused is not null)
            {
                State = LookupState.Failed;
                return;
            }

            var listing = await ListAsync(token);
            token.ThrowIfCancellationRequested();
            (Items, State) = listing.Problem switch
            {
                null => (listing.Items, LookupState.Ready),
                { } problem when CheckFailure.SaysMissing(problem) => ([], LookupState.Missing),
                _ => ([], LookupState.Failed),
            };
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Another repository was named meanwhile, or the page is gone.
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        load.Cancel();
        load.Dispose();
        GC.SuppressFinalize(this);
    }
}
