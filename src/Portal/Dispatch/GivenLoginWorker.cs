using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>
/// Makes the calls whose logins were typed on this node. Also where <c>Dispatch:Enabled</c> is off, because no other node can: the login is
/// nowhere else.
/// </summary>
public sealed class GivenLoginWorker(GivenLogins logins, Dispatcher dispatcher, ILogger<GivenLoginWorker> log) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Task> underWay = [];
        try
        {
            await foreach (var given in logins.Waiting.ReadAllAsync(stoppingToken))
            {
                underWay.RemoveAll(task => task.IsCompleted);
                underWay.Add(Task.Run(() => DispatchAsync(given, stoppingToken), CancellationToken.None));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }

        // What is on the wire is waited for, as everywhere.
        await Task.WhenAll(underWay);
    }

    async Task DispatchAsync(GivenLogin given, CancellationToken stopping)
    {
        try
        {
            await dispatcher.DispatchGivenAsync(given, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The hold or the lease ends by itself: then the item is asked about again, or looked for.
            log.LogError(failure, "Item {Item} could not be sent with the login that was typed for it", given.ItemId);
        }
    }
}
