using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Tests.Support;

namespace Portal.Tests.Audit;

public sealed class AuditTrailTests(PostgresFixture postgres) : IAsyncLifetime
{
    TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await postgres.CreateAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task RecordAloneAsync_keeps_actor_roles_address_and_facts_in_canonical_bytes()
    {
        var actor = new Actor("tid:oid", "Zoë 组", [Role.Approver, Role.Auditor], "203.0.113.7");

        await new AuditTrail(database).RecordAloneAsync(actor, AuditKind.SignedIn, new JsonObject { ["z"] = 1, ["a"] = "<é>" });

        var row = Assert.Single(await RowsAsync());
        var document = JsonNode.Parse(row.Raw)!;
        Assert.Equal(CanonicalJson.Write(document), row.Raw);
        Assert.Equal(CanonicalJson.Write(JsonNode.Parse(row.Doc)), row.Raw);
        Assert.Equal((actor.Id, actor.Name, AuditKind.SignedIn), (row.ActorId, row.ActorName, row.Kind));
        Assert.Equal("{\"address\":\"203.0.113.7\",\"id\":\"tid:oid\",\"name\":\"Zo\u00EB 组\",\"roles\":[\"Approver\",\"Auditor\"]}",
            System.Text.Encoding.UTF8.GetString(CanonicalJson.Write(document["actor"])));
        Assert.Equal((null, null), (row.RequestId, row.Seq));
    }

    [Fact]
    public async Task Record_without_a_commit_leaves_nothing()
    {
        await using (var db = database.CreateDbContext())
        {
            AuditTrail.Record(db, Actor.System, AuditKind.SignedIn, null, null, []);
        }

        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task Record_same_place_of_a_request_twice_is_a_lost_race()
    {
        var request = Guid.CreateVersion7();
        await using var one = database.CreateDbContext();
        await using var other = database.CreateDbContext();
        AuditTrail.Record(one, Actor.System, AuditKind.SignedIn, request, 1, []);
        AuditTrail.Record(other, Actor.System, AuditKind.SignedIn, request, 1, []);
        await one.SaveChangesAsync(TestContext.Current.CancellationToken);

        var conflict = await Assert.ThrowsAsync<DbUpdateException>(() => other.SaveChangesAsync(TestContext.Current.CancellationToken));

        Assert.True(Conflict.IsLostRace(conflict));
        Assert.Single(await RowsAsync());
    }

    [Fact]
    public void All_kinds_have_names_of_their_own_in_the_stored_form()
    {
        Assert.Equal(AuditKind.All.Count, AuditKind.All.Distinct(StringComparer.Ordinal).Count());
        Assert.All(AuditKind.All, name => Assert.Matches(@"\A[a-z]+\.[a-z_]+\z", name));
    }

    async Task<List<AuditEvent>> RowsAsync()
    {
        await using var db = database.CreateDbContext();
        return await db.Events.AsNoTracking().ToListAsync(TestContext.Current.CancellationToken);
    }
}
