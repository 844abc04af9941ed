using Microsoft.Extensions.Options;
using Portal.Live;
using Portal.Telemetry;

namespace Portal.Dispatch;

/// <summary>Runs the observer on this node: many looks at a time.</summary>
public sealed class ObserveWorker(
    Observer observer, Changes changes, Heartbeats heartbeats, Lease lease, IOptions<DispatchOptions> options, TimeProvider time, ILogger<ObserveWorker> log)
    : RoundWorker("observe", changes, heartbeats, lease, options, time, log)
{
    /// <inheritdoc />
    protected override async Task<(int Kept, bool More)> RoundAsync(int free, CancellationToken stopping)
    {
        var claimed = await observer.ClaimAsync(free, stopping);
        foreach (var claim in claimed)
        {
            _ = Task.Run(() => ObserveAsync(claim), CancellationToken.None);
        }

        return (claimed.Count, claimed.Count > 0);
    }

    async Task ObserveAsync(Claim claim)
    {
        try
        {
            await observer.ObserveAsync(claim);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Log.LogError(failure, "Item {Item} could not be looked at", claim.ItemId);
        }
        finally
        {
            Slots.Release(1);
        }
    }
}
