using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Portal.Access;
using Portal.Audit;
using Portal.Telemetry;
using Portal.Tests.Support;

namespace Portal.Tests.Telemetry;

/// <summary>Audit rows are counted when they are committed, each once, however they are written.</summary>
public sealed class CommittedEventsTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    // Other tests of this process write audit rows too, so each of these has a kind of its own.
    readonly string kind = $"test.{Guid.CreateVersion7():N}";

    [Fact]
    public async Task Rolled_back_rows_are_not_counted_and_committed_ones_once()
    {
        using var counted = new Listener("portal.audit.events");
        await using (var db = Node.Open())
        await using (await db.Database.BeginTransactionAsync(Token))
        {
            AuditTrail.Record(db, Given.Developer, kind, null, null, []);
            await db.SaveChangesAsync(Token);
        }

        // Contexts come from a pool, and this is the same one again.
        await using (var db = Node.Open())
        await using (var transaction = await db.Database.BeginTransactionAsync(Token))
        {
            AuditTrail.Record(db, Given.Developer, kind + ".kept", null, null, []);
            await db.SaveChangesAsync(Token);
            Assert.Equal(0, counted.Of(kind + ".kept"));
            await transaction.CommitAsync(Token);
        }

        await Node.Get<AuditTrail>().RecordAloneAsync(Given.Developer, kind + ".alone", []);

        Assert.Equal((0, 1, 1), (counted.Of(kind), counted.Of(kind + ".kept"), counted.Of(kind + ".alone")));
    }

    [Fact]
    public async Task Row_that_could_not_be_written_is_counted_as_lost()
    {
        using var counted = new Listener("portal.audit.failures");
        await Database.OwnerAsync("revoke insert on audit.event from portal_app");

        await Assert.ThrowsAnyAsync<Exception>(() => Node.Get<AuditTrail>().RecordAloneAsync(Actor.System, kind, []));

        Assert.Equal(1, counted.Of(kind));
    }

    sealed class Listener : IDisposable
    {
        readonly ConcurrentDictionary<string, long> counts = new();
        readonly MeterListener listener = new();

        public Listener(string name)
        {
            listener.InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == Measures.MeterName && instrument.Name == name)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counts.AddOrUpdate((string)tags[0].Value!, value, (_, sum) => sum + value));
            listener.Start();
        }

        public long Of(string tag) => counts.GetValueOrDefault(tag);

        public void Dispose() => listener.Dispose();
    }
}
