using Npgsql;
using Portal.FaultTests.Support;
using Portal.Health;
using Portal.Live;
using Portal.Tests.Support;

namespace Portal.Tests.Health;

/// <summary>Each part is found ill when it really is, and only the database makes a node not ready.</summary>
public sealed class HealthServiceTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static readonly string[] Workers = ["worker/dispatch", "worker/house", "worker/observe"];

    [Fact]
    public async Task Node_without_faults_is_ready_and_every_part_is_well()
    {
        await using var node = PortalHost.On(Database, Cloud, ("Dispatch:Enabled", "true"));
        await StartAsync(node);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        Dictionary<string, PartState> parts;
        while (!Workers.All((parts = await PartsAsync(node)).ContainsKey))
        {
            await Task.Delay(50, patience.Token);
        }

        Assert.True(await Health(node).IsReadyAsync(Token));
        Assert.Equal(["audit", "clock", "database", "feed", "schema", "worker/dispatch", "worker/house", "worker/observe"], parts.Keys.Order(StringComparer.Ordinal));
        Assert.All(parts.Values, part => Assert.True(part.IsWell, part.ToString()));
    }

    [Fact]
    public async Task Trail_that_takes_no_rows_makes_it_not_ready()
    {
        await Database.OwnerAsync("revoke insert on audit.event from portal_app");

        Assert.False(await Health(Node).IsReadyAsync(Token));
        Assert.Equal("Health.AuditRefused", Ill(await PartsAsync(Node), "audit"));
    }

    [Fact]
    public async Task Missing_migration_makes_it_not_ready_and_is_named_and_a_further_one_does_not()
    {
        await Database.OwnerAsync("insert into portal.__ef_migrations_history values ('99990101000000_Later', 'x')");
        Assert.True(await Health(Node).IsReadyAsync(Token));

        await Database.OwnerAsync("delete from portal.__ef_migrations_history where \"MigrationId\" = $1", DatabasePart.Migrations[^1]);

        Assert.False(await Health(Node).IsReadyAsync(Token));
        var parts = await PartsAsync(Node);
        Assert.Equal("Health.SchemaBehind", Ill(parts, "schema"));
        Assert.Equal([DatabasePart.Migrations[^1]], parts["schema"].Arguments);
    }

    [Fact]
    public async Task Database_that_went_away_and_came_back_is_told_so_and_the_feed_with_it()
    {
        await using var cluster = await OwnCluster.StartAsync();
        var database = await cluster.CreateAsync();
        await using var node = PortalHost.On(database, Cloud);
        await StartAsync(node);
        await UntilAsync(node, "feed", well: true);

        await cluster.CrashAsync();
        await UntilAsync(node, "feed", well: false);
        var gone = await PartsAsync(node, Given.Administrator);
        Assert.False(await Health(node).IsReadyAsync(Token));
        await cluster.StartAgainAsync();
        await UntilAsync(node, "feed", well: true);

        Assert.Equal("Health.DatabaseAway", Ill(gone, "database"));
        Assert.DoesNotContain("schema", gone.Keys);
        Assert.True(await Health(node).IsReadyAsync(Token));
        await OwnCluster.DespiteOldConnectionsAsync(async () => await database.DisposeAsync());
    }

    [Fact]
    public async Task Worker_that_hangs_is_late_and_leaves_the_node_ready()
    {
        var clock = new ShiftedClock();
        await using var node = PortalHost.On(Database, Cloud.Endpoint, clock, ("Dispatch:Enabled", "true"));
        await using var connection = await Database.Owner.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using (var hold = new NpgsqlCommand("lock table portal.request_item in access exclusive mode", connection, transaction))
        {
            await hold.ExecuteNonQueryAsync(Token);
        }

        await StartAsync(node);
        await WhenBlockedAsync();
        clock.Monotonic += TimeSpan.FromMinutes(10);
        var parts = await PartsAsync(node);
        var ready = await Health(node).IsReadyAsync(Token);
        await transaction.RollbackAsync(Token);

        Assert.Equal("Health.WorkerLate", Ill(parts, "worker/dispatch"));
        Assert.InRange((long)parts["worker/dispatch"].Arguments[0], 600, 700);
        Assert.True(ready);
        await UntilAsync(node, "worker/dispatch", well: true);
    }

    [Fact]
    public async Task Cloud_that_is_away_is_told_by_service_and_region_and_leaves_the_node_ready()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await using var node = PortalHost.WithoutCloud(Database);
        Assert.True(await node.Dispatcher.DispatchNextAsync(Token));

        var parts = await PartsAsync(node);

        Assert.Equal("Health.CloudAway", Ill(parts, "cloud/swr/cn-north-4"));
        Assert.Equal("connection refused", parts["cloud/swr/cn-north-4"].Arguments[1]);
        Assert.True(await Health(node).IsReadyAsync(Token));
        Assert.Contains("dispatch.not_sent", await Node.AuditOf(request));
        Assert.True((await PartsAsync(Node))["cloud/swr/cn-north-4"].IsWell);
    }

    [Fact]
    public async Task Clock_that_differs_from_the_databases_is_told_and_leaves_the_node_ready()
    {
        await using var node = PortalHost.On(Database, Cloud.Endpoint, new ShiftedClock { Wall = TimeSpan.FromMinutes(-5) });

        var parts = await PartsAsync(node);

        Assert.Equal("Health.ClockOff", Ill(parts, "clock"));
        Assert.InRange((long)parts["clock"].Arguments[0], 298, 302);
        Assert.True(await Health(node).IsReadyAsync(Token));
    }

    [Fact]
    public async Task Others_than_operators_and_administrators_learn_nothing_and_their_try_is_recorded()
    {
        foreach (var actor in new[] { Given.Developer, Given.Approver, Given.Auditor })
        {
            Assert.False((await Health(Node).PartsAsync(actor, Token)).IsDone);
        }

        Assert.Equal(["access.denied", "access.denied", "access.denied"], (await Node.AloneAsync()).Select(row => row.Kind));
        Assert.Contains("\"what\": \"health.parts\"", (await Node.AloneAsync())[0].Doc, StringComparison.Ordinal);
    }

    static HealthService Health(PortalHost node) => node.Get<HealthService>();

    static async Task<Dictionary<string, PartState>> PartsAsync(PortalHost node, Portal.Access.Actor? actor = null) =>
        (await Health(node).PartsAsync(actor ?? Given.Operator, Token)).Value.ToDictionary(part => part.Part);

    static string Ill(Dictionary<string, PartState> parts, string part)
    {
        Assert.False(parts[part].IsWell);
        return parts[part].Finding;
    }

    static async Task StartAsync(PortalHost node)
    {
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var first = node.Get<Changes>().Subscribe(null, () =>
        {
            listens.TrySetResult();
            return Task.CompletedTask;
        });
        await node.StartAsync();
        await listens.Task.WaitAsync(Patience, Token);
    }

    static async Task UntilAsync(PortalHost node, string part, bool well)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        while ((await PartsAsync(node))[part].IsWell != well)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    async Task WhenBlockedAsync()
    {
        while (await Database.ValueAsync<long>("select count(*) from pg_locks where not granted and relation = 'portal.request_item'::regclass") == 0)
        {
            await Task.Delay(20, Token);
        }
    }

    sealed class ShiftedClock : TimeProvider
    {
        /// <summary>How far its time of day is off.</summary>
        public TimeSpan Wall { get; init; }

        /// <summary>How much longer than really it thinks it has run.</summary>
        public TimeSpan Monotonic { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Wall;

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Monotonic.TotalSeconds * TimestampFrequency);
    }
}
