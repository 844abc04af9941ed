using System.Diagnostics.Metrics;
using Npgsql;

namespace Portal.Telemetry;

/// <summary>What a gauge is called, in what it is measured, and the tag that tells its values apart.</summary>
public sealed record Gauge(string Name, string Unit, string Description, string? Tag = null);

/// <summary>
/// What stands in the database and what this node knows of itself, as gauges. The database is asked once for each export, with one statement that
/// reads indexes of what has not ended yet: what has ended is history, and counting it would cost more every year. Every node reports the
/// same rows, so those gauges are read with <c>max</c> over the nodes, never with a sum. While the database is away they are silent.
/// </summary>
public sealed class Gauges : IDisposable
{
    /// <summary>Gauges that every node reads from the database.</summary>
    public static IReadOnlyList<Gauge> Shared { get; } =
    [
        new("portal.request.count", "{request}", "Requests that have not ended", "portal.request.state"),
        new("portal.item.count", "{item}", "Calls that have not ended", "portal.item.state"),
        new("portal.queue.age", "s", "How long the oldest call that may be sent has been due"),
        new("portal.unknown.age", "s", "How long ago the oldest call whose outcome is unknown was sent"),
        new("portal.desk.count", "{item}", "Calls that wait for a person on the outcome desk"),
        new("portal.lane.count", "{lane}", "Services in a region that send nothing", "portal.lane.state"),
        new("portal.database.clock_offset", "s", "Database's clock minus this node's clock"),
    ];

    /// <summary>Gauges about this node alone.</summary>
    public static IReadOnlyList<Gauge> OwnNode { get; } =
    [
        new("portal.worker.heartbeat.age", "s", "How long ago a worker of this node last came round", "portal.worker"),
        new("portal.change_feed.connected", "1", "1 while this node hears of changes, else 0"),
    ];

    /// <summary>
    /// Rows of gauge, tag's value and number. Each part reads an index whose size is that of what has not ended; a test asks the planner.
    /// </summary>
    public const string Statement =
        """
        with moving as (
          select state, due_at, sent_at from portal.request_item where state = 'Queued'
          union all
          select state, due_at, sent_at from portal.request_item where state in ('Sending', 'Observing', 'Unknown') and due_at is not null
          union all
          select state, due_at, sent_at from portal.request_item where state = 'Parked' or (state = 'Unknown' and due_at is null))
        select 'portal.request.count', named.state, count(request.state)::float8
        from unnest(array['PendingApproval', 'Approved', 'InProgress', 'OutcomeUnknown']) as named(state)
        left join portal.request on request.state = named.state group by named.state
        union all
        select 'portal.item.count', named.state, count(moving.state)::float8
        from unnest(array['Queued', 'Sending', 'Observing', 'Unknown', 'Parked', 'NeedsLogin']) as named(state)
        left join moving on moving.state = named.state group by named.state
        union all
        select 'portal.queue.age', null, coalesce(extract(epoch from clock_timestamp() - min(due_at)), 0)::float8
        from moving where state = 'Queued' and due_at <= clock_timestamp()
        union all
        select 'portal.unknown.age', null, coalesce(extract(epoch from clock_timestamp() - min(sent_at)), 0)::float8 from moving where state = 'Unknown'
        union all
        select 'portal.desk.count', null, count(*)::float8 from moving where state = 'Parked' or (state = 'Unknown' and due_at is null)
        union all
        select 'portal.lane.count', 'maintenance', count(*)::float8 from portal.lane where name = '*' and paused_at is not null
        union all
        select 'portal.lane.count', 'paused', count(*)::float8 from portal.lane where name <> '*' and paused_at is not null
        union all
        select 'portal.lane.count', 'open', count(*)::float8 from portal.lane where open_until is not null
        union all
        select 'portal.database.clock_offset', null, extract(epoch from clock_timestamp())::float8
        """;

    readonly Meter meter = new(Measures.MeterName);
    readonly NpgsqlDataSource database;
    readonly TimeProvider time;
    readonly TimeSpan freshFor;
    readonly ILogger<Gauges> log;
    readonly Lock reading = new();
    ILookup<string, Measurement<double>> rows = NoRows;
    long? readAt;

    static readonly ILookup<string, Measurement<double>> NoRows = Array.Empty<Measurement<double>>().ToLookup(_ => "");

    /// <param name="database">Where to read.</param>
    /// <param name="heartbeats">The workers of this node.</param>
    /// <param name="feed">Whether this node hears of changes.</param>
    /// <param name="time">The node's clock.</param>
    /// <param name="interval">How often the gauges are exported.</param>
    /// <param name="log">Where a failed reading is told.</param>
    public Gauges(NpgsqlDataSource database, Heartbeats heartbeats, FeedState feed, TimeProvider time, TimeSpan interval, ILogger<Gauges> log)
    {
        // All gauges of one export are read together; half the interval is enough to tell two exports apart.
        (this.database, this.time, freshFor, this.log) = (database, time, interval / 2, log);
        foreach (var gauge in Shared)
        {
            meter.CreateObservableGauge(gauge.Name, () => Rows()[gauge.Name], gauge.Unit, gauge.Description);
        }

        var (worker, connected) = (OwnNode[0], OwnNode[1]);
        meter.CreateObservableGauge(
            worker.Name,
            () => heartbeats.All.Select(heartbeat => new Measurement<double>(heartbeat.Age.TotalSeconds, new KeyValuePair<string, object?>(worker.Tag!, heartbeat.Worker))),
            worker.Unit, worker.Description);
        meter.CreateObservableGauge(connected.Name, () => feed.IsConnected ? 1L : 0L, connected.Unit, connected.Description);
    }

    ILookup<string, Measurement<double>> Rows()
    {
        lock (reading)
        {
            if (readAt is null || time.GetElapsedTime(readAt.Value) >= freshFor)
            {
                rows = Read();
                readAt = time.GetTimestamp();
            }

            return rows;
        }
    }

    ILookup<string, Measurement<double>> Read()
    {
        try
        {
            using var command = database.CreateCommand(Statement);
            command.CommandTimeout = 5;
            using var reader = command.ExecuteReader();
            var tags = Shared.ToDictionary(gauge => gauge.Name, gauge => gauge.Tag);
            List<(string Name, Measurement<double> Value)> found = [];
            while (reader.Read())
            {
                var (name, number) = (reader.GetString(0), reader.GetDouble(2));
                var value = name == "portal.database.clock_offset" ? number - time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0 : number;
                found.Add((name, tags[name] is { } tag ? new(value, new KeyValuePair<string, object?>(tag, reader.GetString(1))) : new(value)));
            }

            return found.ToLookup(row => row.Name, row => row.Value);
        }
        catch (NpgsqlException failure)
        {
            log.LogWarning("The gauges could not be read from the database ({Reason})", failure.Message);
            return NoRows;
        }
    }

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();
}
