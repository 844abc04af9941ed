using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Database;

/// <summary>Rows that are saved with one statement a table.</summary>
public sealed class SaveTogetherTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Rows_that_change_different_columns_are_saved_as_they_are_in_memory()
    {
        Request[] requests =
            [await Given.ApprovedAsync(Node, Given.Rule()), await Given.ApprovedAsync(Node, Given.Mirror()), await Given.ApprovedAsync(Node, Given.Rule("web/back-office"))];
        await using var db = Node.Open();
        var now = await db.ClockAsync(Token);
        var items = await db.Items.OrderBy(item => item.Id).ToListAsync(Token);
        var owners = await db.Requests.ToDictionaryAsync(request => request.Id, Token);
        items[0].BeginSending(now, now.AddMinutes(1), """{"seen": null}""");
        items[1].BeginSending(now, now.AddMinutes(1), null);
        items[2].PutBack(now.AddSeconds(5), "Note.TargetBusy");
        foreach (var item in items)
        {
            owners[item.RequestId].Record(db, Actor.System, AuditKind.DispatchRefused, new JsonObject { ["note"] = "带\"引号\"" });
        }

        await db.SaveTogetherAsync(Token);

        await using var read = Node.Open();
        var saved = await read.Items.AsNoTracking().OrderBy(item => item.Id).ToListAsync(Token);
        Assert.Equal([ItemState.Sending, ItemState.Sending, ItemState.Queued], saved.Select(item => item.State));
        Assert.Equal(["""{"seen": null}""", null, null], saved.Select(item => item.Baseline));
        Assert.Equal([null, null, "Note.TargetBusy"], saved.Select(item => item.Note));
        Assert.Equal([1, 1, 0], saved.Select(item => item.Sends));
        foreach (var request in requests)
        {
            Assert.Equal(["request.submitted", "approval.granted", AuditKind.DispatchRefused], await Node.AuditOf(request));
        }

        Assert.All(await Node.TrailAsync(requests[0]), row => Assert.NotEqual(default, row.At));
        Assert.All(db.ChangeTracker.Entries(), entry => Assert.Equal(EntityState.Unchanged, entry.State));
    }

    [Fact]
    public async Task Place_in_the_trail_that_is_taken_is_told_as_a_lost_race()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());
        await using var db = Node.Open();
        AuditTrail.Record(db, Actor.System, AuditKind.DispatchRefused, request.Id, 1, []);

        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveTogetherAsync(Token));

        Assert.True(Conflict.IsLostRace(refused));
        Assert.Equal(["request.submitted"], await Node.AuditOf(request));
    }

    [Fact]
    public async Task Row_that_is_gone_is_told_as_a_lost_race()
    {
        await Database.OwnerAsync("insert into portal.lane (name, window_at, calls, failures) values ('swr/cn-north-4', clock_timestamp(), 0, 0)");
        await using var db = Node.Open();
        var lane = await db.Lanes.SingleAsync(Token);
        lane.Count(3, 1, await db.ClockAsync(Token));
        await Database.OwnerAsync("delete from portal.lane");

        Assert.True(Conflict.IsLostRace(await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => db.SaveTogetherAsync(Token))));
    }
}
