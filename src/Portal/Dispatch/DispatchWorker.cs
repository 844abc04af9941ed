using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Portal.Live;

namespace Portal.Dispatch;

/// <summary>
/// Runs the dispatcher and the observer on this node: many calls at a time, each of its own length, with the answers that come
/// together recorded together. Woken by announcements; an announcement may be lost, the clock is not.
/// </summary>
public sealed class DispatchWorker(
    Dispatcher dispatcher, Observer observer, LaneProbe probe, ApprovalExpiry expiry, Changes changes, IOptions<DispatchOptions> options,
    TimeProvider time, ILogger<DispatchWorker> log) : BackgroundService
{
    // More in one commit saves little and makes the first of them wait.
    const int MostTogether = 64;

    readonly Slots sends = new(options.Value.Concurrency);
    readonly Slots looks = new(options.Value.Concurrency);
    readonly SemaphoreSlim sendBell = new(0, 1);
    readonly SemaphoreSlim lookBell = new(0, 1);
    readonly Channel<Answered> answers = Channel.CreateUnbounded<Answered>(new UnboundedChannelOptions { SingleReader = true });

    TimeSpan Poll => TimeSpan.FromSeconds(options.Value.PollSeconds);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        using var subscription = changes.Subscribe(null, RingAsync);
        var recording = RecordAsync();
        await Task.WhenAll(
            RepeatAsync(SendRoundAsync, sendBell, stoppingToken),
            RepeatAsync(LookRoundAsync, lookBell, stoppingToken),
            RepeatAsync(KeepHouseAsync, null, stoppingToken));

        // Told to stop: nothing new is claimed; what is on the wire is waited for and recorded.
        await sends.DrainAsync();
        await looks.DrainAsync();
        answers.Writer.Complete();
        await recording;
    }

    /// <summary>Runs a round again as long as it finds something to do, then waits for the bell or the clock.</summary>
    async Task RepeatAsync(Func<CancellationToken, Task<bool>> round, SemaphoreSlim? bell, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                while (await round(stopping))
                {
                }

                await (bell is null ? Task.Delay(Poll, time, stopping) : bell.WaitAsync(Poll, stopping));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // Whatever it was, the leases of what was claimed end by themselves. The other items must not wait for it.
                log.LogError(failure, "A round of dispatch failed");
                await Task.Delay(Poll, time, stopping).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    async Task<bool> SendRoundAsync(CancellationToken stopping)
    {
        var free = await sends.TakeAsync(MostTogether, stopping);
        var used = 0;
        try
        {
            var (ready, lookFirst) = await dispatcher.ClaimAsync(free, stopping);
            foreach (var claim in lookFirst)
            {
                used++;
                _ = Task.Run(() => SendAfterLookAsync(claim), CancellationToken.None);
            }

            var begun = await dispatcher.BeginAsync(ready);
            used += begun.Count;
            foreach (var call in begun)
            {
                _ = Task.Run(() => SendAsync(call), CancellationToken.None);
            }

            return ready.Count + lookFirst.Count > 0;
        }
        finally
        {
            sends.Release(free - used);
        }
    }

    async Task SendAfterLookAsync(Claim claim)
    {
        try
        {
            var begun = await dispatcher.BeginAfterLookAsync(claim);
            if (begun.Count > 0)
            {
                await SendAsync(begun[0]);
                return;
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            log.LogError(failure, "Item {Item} could not be begun", claim.ItemId);
        }

        sends.Release(1);
    }

    async Task SendAsync(Begun begun)
    {
        try
        {
            answers.Writer.TryWrite(await dispatcher.SendAsync(begun));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Nobody knows what became of the call: the lease ends, and the item is observed.
            log.LogError(failure, "The call of item {Item} ended without an answer to record", begun.Claim.ItemId);
            sends.Release(1);
        }
    }

    async Task RecordAsync()
    {
        List<Answered> together = [];
        while (await answers.Reader.WaitToReadAsync())
        {
            while (together.Count < MostTogether && answers.Reader.TryRead(out var answered))
            {
                together.Add(answered);
            }

            await RecordAsync(together);
            sends.Release(together.Count);
            together.Clear();
        }
    }

    // An answer is worth waiting for the database: it is nowhere else. Past its lease the item is somebody else's, and the answer a late one.
    async Task RecordAsync(List<Answered> together)
    {
        for (var since = time.GetTimestamp(); ;)
        {
            try
            {
                await dispatcher.RecordAsync(together);
                return;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException && (together.Count > 1 || Intents.IsDatabaseAway(failure)))
            {
                log.LogError(failure, "{Count} answers could not be recorded", together.Count);
                // What was undone because of one of them is tried one by one: together they might never get through.
                var apart = together.Count > 1 && Intents.IsRolledBack(failure);
                if (!apart && Intents.IsDatabaseAway(failure) && time.GetElapsedTime(since) < TimeSpan.FromMinutes(10))
                {
                    await Task.Delay(Poll, time);
                    continue;
                }
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                log.LogError(failure, "The answer for item {Item} could not be recorded", together[0].Begun.Claim.ItemId);
                return;
            }

            foreach (var answered in together)
            {
                await RecordAsync([answered]);
            }

            return;
        }
    }

    async Task<bool> LookRoundAsync(CancellationToken stopping)
    {
        var free = await looks.TakeAsync(MostTogether, stopping);
        var used = 0;
        try
        {
            var claimed = await observer.ClaimAsync(free, stopping);
            used = claimed.Count;
            foreach (var claim in claimed)
            {
                _ = Task.Run(() => ObserveAsync(claim), CancellationToken.None);
            }

            return claimed.Count > 0;
        }
        finally
        {
            looks.Release(free - used);
        }
    }

    async Task ObserveAsync(Claim claim)
    {
        try
        {
            await observer.ObserveAsync(claim);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            log.LogError(failure, "Item {Item} could not be looked at", claim.ItemId);
        }
        finally
        {
            looks.Release(1);
        }
    }

    async Task<bool> KeepHouseAsync(CancellationToken stopping) => await probe.ProbeNextAsync(stopping) || await expiry.ExpireNextAsync(stopping);

    // One ring is enough to make a loop look; more would only make it look for nothing.
    Task RingAsync()
    {
        Ring(sendBell);
        Ring(lookBell);
        return Task.CompletedTask;
    }

    static void Ring(SemaphoreSlim bell)
    {
        try
        {
            bell.Release();
        }
        catch (SemaphoreFullException)
        {
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        sends.Dispose();
        looks.Dispose();
        sendBell.Dispose();
        lookBell.Dispose();
        base.Dispose();
    }
}
