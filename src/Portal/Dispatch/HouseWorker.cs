using Microsoft.Extensions.Options;
using Portal.Requests;
using Portal.Telemetry;

namespace Portal.Dispatch;

/// <summary>What has to be looked after by the clock: services that were ill, approvals that ran out, logins that waited too long.</summary>
public sealed class HouseWorker(
    LaneProbe probe, ApprovalExpiry expiry, LoginSweeper logins, Heartbeats heartbeats, Lease lease, IOptions<DispatchOptions> options, TimeProvider time,
    ILogger<HouseWorker> log) : BackgroundService
{
    static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? swept = null;
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

                if (swept is not { } last || time.GetElapsedTime(last) > BetweenSweeps)
                {
                    await logins.SweepAsync(stoppingToken);
                    swept = time.GetTimestamp();
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
