using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Portal.Access;
using Portal.Audit;
using Portal.Tests.Support;

namespace Portal.Tests.Audit;

/// <summary>People and events for the tests of the trail, written the way the portal writes them.</summary>
static class GivenEvents
{
    public static readonly Actor Auditor = new("test:auditor", "Aud Auditor", [Role.Auditor], "10.0.0.9");

    public static readonly Actor Developer = new("test:developer", "Dana Developer", [Role.Requester], "10.0.0.1");

    static readonly RateLimits NoLimits = new(
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(RateLimits.Switch, (string?)"false")]).Build(), TimeProvider.System);

    public static AuditService Service(this TestDatabase database)
    {
        var trail = new AuditTrail(database);
        return new AuditService(database, trail, new RateGate(NoLimits, trail));
    }

    public static async Task<Guid> AddAsync(this TestDatabase database, string kind, JsonObject facts, Actor? actor = null, Guid? request = null, int? seq = null)
    {
        await using var db = database.CreateDbContext();
        AuditTrail.Record(db, actor ?? Developer, kind, request, seq, facts);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return db.Events.Local.Single().Id;
    }

    /// <summary>Adds so many events in one go.</summary>
    public static async Task AddManyAsync(this TestDatabase database, int count, string marker)
    {
        await using var db = database.CreateDbContext();
        for (var index = 0; index < count; index++)
        {
            AuditTrail.Record(db, Developer, AuditKind.SignedIn, null, null, new() { ["persona"] = $"{marker}{index}" });
        }

        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The ids that match, on the first page.</summary>
    public static async Task<IReadOnlyList<Guid>> FoundAsync(this TestDatabase database, AuditFilter filter)
    {
        var page = (await database.Service().PageAsync(filter, Auditor, TestContext.Current.CancellationToken)).Value;
        Assert.Empty(page.Problems);
        return [.. page.Rows.Select(row => row.Id)];
    }
}
