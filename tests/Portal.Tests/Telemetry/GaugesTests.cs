using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Requests;
using Portal.Telemetry;
using Portal.Tests.Support;

namespace Portal.Tests.Telemetry;

/// <summary>What the gauges read from the database: the right numbers, with one cheap statement.</summary>
public sealed class GaugesTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Numbers_are_those_of_the_tables()
    {
        await Given.SubmittedAsync(Node, Given.Mirror());
        var due = await Given.ApprovedAsync(Node, Given.Rule());
        var unknown = await Given.ApprovedAsync(Node, Given.StopRule());
        await Database.UnguardedAsync("update portal.request_item set due_at = now() - interval '90 s' where request_id = $1", due.Id);
        await Database.UnguardedAsync(
            "update portal.request_item set state = 'Unknown', due_at = null, sent_at = now() - interval '1 h' where request_id = $1", unknown.Id);
        Assert.True((await Node.Lanes.PauseAsync("swr/cn-north-4", "Night work", Given.Operator, Token)).IsDone);
        using var gauges = new Gauges(Database.App, new Heartbeats(TimeProvider.System), new FeedState(), TimeProvider.System, TimeSpan.FromMinutes(1), NullLogger<Gauges>.Instance);

        var values = Read();

        Assert.Equal(1, values["portal.request.count PendingApproval"]);
        Assert.Equal(2, values["portal.request.count Approved"]);
        Assert.Equal(1, values["portal.item.count Queued"]);
        Assert.Equal(1, values["portal.item.count Unknown"]);
        Assert.Equal(0, values["portal.item.count Parked"]);
        Assert.Equal(1, values["portal.desk.count"]);
        Assert.Equal(1, values["portal.lane.count paused"]);
        Assert.Equal(0, values["portal.lane.count maintenance"]);
        Assert.InRange(values["portal.queue.age"], 90, 90 + 300);
        Assert.InRange(values["portal.unknown.age"], 3600, 3600 + 300);
        Assert.InRange(values["portal.database.clock_offset"], -60, 60);
    }

    [Fact]
    public async Task Database_is_asked_once_for_all_gauges_of_an_export()
    {
        await Given.SubmittedAsync(Node, Given.Mirror());
        using var gauges = new Gauges(Database.App, new Heartbeats(TimeProvider.System), new FeedState(), TimeProvider.System, TimeSpan.FromHours(1), NullLogger<Gauges>.Instance);
        Assert.Equal(1, Read()["portal.request.count PendingApproval"]);

        await Given.SubmittedAsync(Node, Given.Rule());

        Assert.Equal(1, Read()["portal.request.count PendingApproval"]);
    }

    [Fact]
    public void Database_that_is_away_makes_them_silent()
    {
        using var away = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Database=none");
        using var gauges = new Gauges(away, new Heartbeats(TimeProvider.System), new FeedState(), TimeProvider.System, TimeSpan.FromMinutes(1), NullLogger<Gauges>.Instance);

        Assert.Equal(["portal.change_feed.connected"], Read().Keys);
    }

    [Fact]
    public async Task Statement_reads_indexes_of_what_has_not_ended_and_no_whole_table()
    {
        await using var connection = await Database.App.OpenConnectionAsync(Token);
        await using (var prefer = new NpgsqlCommand("set enable_seqscan = off", connection))
        {
            await prefer.ExecuteNonQueryAsync(Token);
        }

        List<string> plan = [];
        await using var explain = new NpgsqlCommand("explain " + Gauges.Statement, connection);
        await using var reader = await explain.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token))
        {
            plan.Add(reader.GetString(0));
        }

        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan on request", StringComparison.Ordinal) || line.Contains("Seq Scan on event", StringComparison.Ordinal));
        // The queue has two indexes of the same size.
        Assert.All(
            [["item_queue", "item_turn"], ["item_look"], ["item_desk"], ["request_state"]],
            (string[] either) => Assert.Contains(plan, line => either.Any(index => line.Contains($" {index} ", StringComparison.Ordinal))));
    }

    [Fact]
    public void States_are_those_that_have_not_ended()
    {
        var moving = Enum.GetValues<RequestState>().Where(state => !RequestLife.HasEnded(state)).Select(state => $"'{state}'");
        var items = Enum.GetValues<ItemState>().Where(state => state is not (ItemState.NotSent or ItemState.Failed) && !RequestLife.IsFinal(state)).Select(state => $"'{state}'");

        Assert.Contains($"array[{string.Join(", ", moving)}]", Gauges.Statement, StringComparison.Ordinal);
        Assert.Contains($"array[{string.Join(", ", items)}]", Gauges.Statement, StringComparison.Ordinal);
    }

    static Dictionary<string, double> Read()
    {
        Dictionary<string, double> values = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == Measures.MeterName && instrument.IsObservable)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Keep<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
            where T : struct => values[tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}"] = Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);
        listener.SetMeasurementEventCallback<double>(Keep);
        listener.SetMeasurementEventCallback<long>(Keep);
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }
}
