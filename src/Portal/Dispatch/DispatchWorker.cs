using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Portal.Database;
using Portal.Live;
using Portal.Telemetry;

namespace Portal.Dispatch;

/// <summary>Runs the dispatcher on this node: many calls at a time, each of its own length, with the answers that come together recorded together.</summary>
public sealed class DispatchWorker(
    Dispatcher dispatcher, Changes changes, Heartbeats heartbeats, Lease lease, IOptions<DispatchOptions> options, TimeProvider time, ILogger<DispatchWorker> log)
    : RoundWorker("dispatch", changes, heartbeats, lease, options, time, log)
{
    // By then every lease is over, and the items are observed instead.
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    readonly Channel<Answered> answers = Channel.CreateUnbounded<Answered>(new UnboundedChannelOptions());

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var recording = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => RecordAsync()));
        await base.ExecuteAsync(stoppingToken);
        answers.Writer.Complete();
        await recording;
    }

    /// <inheritdoc />
    protected override async Task<(int Kept, bool More)> RoundAsync(int free, CancellationToken stopping)
    {
        var (ready, lookFirst) = await dispatcher.ClaimAsync(free, stopping);
        foreach (var claim in lookFirst)
        {
            _ = Task.Run(() => SendAfterLookAsync(claim), CancellationToken.None);
        }

        IReadOnlyList<Begun> begun = [];
        try
        {
            begun = await dispatcher.BeginAsync(ready);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Nothing of these was sent; the leases end by themselves.
            Log.LogError(failure, "{Count} intents could not be written", ready.Count);
        }

        foreach (var call in begun)
        {
            _ = Task.Run(() => SendAsync(call), CancellationToken.None);
        }

        return (lookFirst.Count + begun.Count, ready.Count + lookFirst.Count > 0);
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
            Log.LogError(failure, "Item {Item} could not be begun", claim.ItemId);
        }

        Slots.Release(1);
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
            Log.LogError(failure, "The call of item {Item} ended without an answer to record", begun.Claim.ItemId);
            begun.Span?.Dispose();
            Slots.Release(1);
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
            Slots.Release(together.Count);
            together.Clear();
        }
    }

    // An answer is worth waiting for the database: it is nowhere else. Past its lease the item is somebody else's, and the answer a late one.
    async Task RecordAsync(List<Answered> together)
    {
        for (var since = Time.GetTimestamp(); ;)
        {
            try
            {
                await dispatcher.RecordAsync(together);
                return;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Log.LogError(failure, "{Count} answers could not be recorded", together.Count);
                var away = Conflict.IsDatabaseAway(failure);
                if (together.Count > 1 && (!away || Conflict.IsRolledBack(failure)))
                {
                    break;
                }

                if (!away || Time.GetElapsedTime(since) > LongestWait)
                {
                    return;
                }
            }

            await Task.Delay(Poll, Time);
        }

        // What was undone because of one of them is tried one by one: together they might never get through.
        foreach (var answered in together)
        {
            await RecordAsync([answered]);
        }
    }
}
