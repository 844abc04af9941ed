using Microsoft.Extensions.Options;
using Portal.Live;
using Portal.Telemetry;

namespace Portal.Dispatch;

/// <summary>
/// Works in rounds, two at a time: claims as much as there are free slots, starts it, and claims again. Woken by announcements; an announcement may be
/// lost, the clock is not. Told to stop, it claims nothing new and waits for what is under way.
/// </summary>
public abstract class RoundWorker(
    string name, Changes changes, Heartbeats heartbeats, Lease lease, IOptions<DispatchOptions> options, TimeProvider time, ILogger log) : BackgroundService
{
    /// <summary>More in one round saves little and makes the first of them wait.</summary>
    protected const int MostTogether = 64;

    /// <summary>While one round waits for the database, another one works.</summary>
    protected const int AtOnce = 2;

    readonly SemaphoreSlim bell = new(0, 1);

    /// <summary>The clock that waits are measured by.</summary>
    protected TimeProvider Time => time;

    /// <summary>Where faults of a round are told.</summary>
    protected ILogger Log => log;

    private protected Slots Slots { get; } = new(options.Value.Concurrency);

    /// <summary>How often to look without being rung for.</summary>
    protected TimeSpan Poll => TimeSpan.FromSeconds(options.Value.PollSeconds);

    /// <summary>Claims and starts what is due, for at most so many slots: gives how many of them it keeps, and whether there may be more.</summary>
    protected abstract Task<(int Kept, bool More)> RoundAsync(int free, CancellationToken stopping);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        using var subscription = changes.Subscribe(null, RingAsync);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => RepeatAsync(stoppingToken)));
        await Slots.DrainAsync();
    }

    /// <summary>A round waits for a free slot at most as long as a call takes, which a lease outlasts, and for the database.</summary>
    public static TimeSpan LongestRound(Lease lease, TimeSpan poll) => lease.Length + poll + TimeSpan.FromSeconds(30);

    // Runs a round again as long as it finds something to do, then waits.
    async Task RepeatAsync(CancellationToken stopping)
    {
        using var heart = heartbeats.Begin(name, LongestRound(lease, Poll));
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                do
                {
                    heart.Beat();
                }
                while (await ClaimRoundAsync(stopping));

                await bell.WaitAsync(Poll, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // Whatever it was, the leases of what was claimed end by themselves. The other items must not wait for it.
                log.LogError(failure, "A round failed");
                await Task.Delay(Poll, time, stopping).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    async Task<bool> ClaimRoundAsync(CancellationToken stopping)
    {
        var free = await Slots.TakeAsync(MostTogether, stopping);
        var kept = 0;
        try
        {
            (kept, var more) = await RoundAsync(free, stopping);
            if (kept == free)
            {
                // As much as this one could take, so there may be more: the other may be asleep.
                await RingAsync();
            }

            return more;
        }
        finally
        {
            Slots.Release(free - kept);
        }
    }

    // One ring is enough to make it look; more would only make it look for nothing.
    Task RingAsync()
    {
        try
        {
            bell.Release();
        }
        catch (SemaphoreFullException)
        {
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        Slots.Dispose();
        bell.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
