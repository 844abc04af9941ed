using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Live;

namespace Portal.Dispatch;

/// <summary>
/// Runs the dispatcher and the observer while there is work, then waits for an announcement or the clock. An announcement may be
/// lost; the clock is not.
/// </summary>
public sealed class DispatchWorker(
    Dispatcher dispatcher, Observer observer, Changes changes, IOptions<DispatchOptions> options, TimeProvider time, ILogger<DispatchWorker> log)
    : BackgroundService
{
    readonly SemaphoreSlim bell = new(0);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        using var subscription = changes.Subscribe(null, RingAsync);
        await Task.WhenAll(Enumerable.Range(0, options.Value.Concurrency).Select(_ => RunAsync(stoppingToken)));
    }

    async Task RunAsync(CancellationToken stopping)
    {
        var clock = TimeSpan.FromSeconds(options.Value.PollSeconds);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                while (!stopping.IsCancellationRequested
                    && (await dispatcher.DispatchNextAsync(stopping) || await observer.ObserveNextAsync(stopping)))
                {
                }

                await bell.WaitAsync(clock, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // Whatever it was, the claim's lease ends by itself. The other items must not wait for it.
                log.LogError(failure, "A round of dispatch failed");
                await PauseAsync(failure, clock, stopping);
            }
        }
    }

    // The database being away concerns every item alike: look again a little later.
    Task PauseAsync(Exception failure, TimeSpan clock, CancellationToken stopping) =>
        Task.Delay(failure is NpgsqlException or DbUpdateException or InvalidOperationException ? clock * 2 : clock, time, stopping)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    Task RingAsync()
    {
        // One ring for each waiting worker at most: more would only make them look once more for nothing.
        if (bell.CurrentCount < options.Value.Concurrency)
        {
            bell.Release();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        bell.Dispose();
        base.Dispose();
    }
}
