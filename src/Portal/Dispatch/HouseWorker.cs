using Microsoft.Extensions.Options;
using Portal.Telemetry;

namespace Portal.Dispatch;

/// <summary>What has to be looked after by the clock: services that were ill, approvals that ran out.</summary>
public sealed class HouseWorker(
    LaneProbe probe, ApprovalExpiry expiry, Heartbeats heartbeats, Lease lease, IOptions<DispatchOptions> options, TimeProvider time, ILogger<HouseWorker> log) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var poll = TimeSpan.FromSeconds(options.Value.PollSeconds);
        using var timer = new PeriodicTimer(poll, time);
        using var heart = options.Value.Enabled ? heartbeats.Begin("house", RoundWorker.LongestRound(lease, poll)) : null;
        while (options.Value.Enabled && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                do
                {
                    heart?.Beat();
                }
                while (await probe.ProbeNextAsync(stoppingToken) || await expiry.ExpireNextAsync(stoppingToken));

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
