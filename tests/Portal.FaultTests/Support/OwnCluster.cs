using Npgsql;
using Portal.Tests.Support;

namespace Portal.FaultTests.Support;

/// <summary>A PostgreSQL cluster that may be stopped the hard way, which the one of all tests may not, and its databases.</summary>
public sealed class OwnCluster : IAsyncDisposable
{
    readonly PostgresCluster cluster;
    readonly PostgresFixture templates;

    OwnCluster(PostgresCluster cluster) => (this.cluster, templates) = (cluster, new PostgresFixture(cluster.Connection));

    /// <summary>Makes and starts it.</summary>
    public static async Task<OwnCluster> StartAsync() => new(await PostgresCluster.StartAsync("log_min_messages = fatal"));

    /// <summary>A migrated database with nothing in it.</summary>
    public async Task<TestDatabase> CreateAsync()
    {
        TestDatabase? made = null;
        await DespiteOldConnectionsAsync(async () => made = await templates.CreateAsync());
        return made!;
    }

    /// <summary>Does something again when it met a connection of before a crash.</summary>
    public static async Task DespiteOldConnectionsAsync(Func<Task> action)
    {
        for (var old = 0; ; old++)
        {
            try
            {
                await action();
                return;
            }
            catch (NpgsqlException) when (old < 40)
            {
                // Each try takes one of them out of the pool.
            }
        }
    }

    /// <summary>Ends it as a crash would: no checkpoint, no goodbye to its clients.</summary>
    public Task CrashAsync() => cluster.CrashAsync();

    /// <summary>Starts it; it recovers what was committed.</summary>
    public Task StartAgainAsync() => cluster.StartAgainAsync();

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}
