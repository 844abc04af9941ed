using Npgsql;
using Portal.Telemetry;

namespace Portal.Live;

/// <summary>
/// Listens to PostgreSQL for committed audit rows of every node and passes their request ids to <see cref="Changes"/>.
/// The channel is rung by the trigger on <c>audit.event</c>, so nobody can forget to announce.
/// </summary>
public sealed class ChangeFeed(NpgsqlDataSource database, Changes changes, FeedState state, TimeProvider time, ILogger<ChangeFeed> log) : BackgroundService
{
    /// <summary>The NOTIFY channel; its payload is a request id or empty.</summary>
    public const string Channel = "portal_changes";

    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("Listening for changes was interrupted ({Reason}); trying again", failure.Message);
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    // A sign-in or an export belongs to no request: it concerns who looks at everything, and no open request.
    static Guid RequestIn(string payload) => Guid.TryParse(payload, out var request) ? request : Guid.Empty;

    async Task ListenAsync(CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        connection.Notification += (_, notification) => changes.Announce(RequestIn(notification.Payload));
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(token);
        }

        state.IsConnected = true;
        try
        {
            // What was announced while nobody listened is gone: let everybody look again.
            changes.Announce(null);
            while (!token.IsCancellationRequested)
            {
                await connection.WaitAsync(token);
            }
        }
        finally
        {
            state.IsConnected = false;
        }
    }
}
