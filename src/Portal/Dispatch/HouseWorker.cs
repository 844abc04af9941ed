using Microsoft.Extensions.Options;

namespace Portal.Dispatch;

/// <summary>What has to be looked after by the clock: services that were ill, approvals that ran out.</summary>
public sealed class HouseWorker(
    LaneProbe probe, ApprovalExpiry expiry, IOptions<DispatchOptions> options, TimeProvider time, ILogger<HouseWorker> log) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.PollSeconds), time);
        while (options.Value.Enabled && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await probe.ProbeNextAsync(stoppingToken) || await expiry.ExpireNextAsync(stoppingToken))
                {
                }

                await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                log.LogError(failure, "A round of housekeeping failed");
                await Task.WhenAny(timer.WaitForNextTickAsync(stoppingToken).AsTask());
            }
        }
    }
}
