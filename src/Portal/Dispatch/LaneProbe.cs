using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Huawei;

namespace Portal.Dispatch;

/// <summary>Asks a service whose breaker is open, once in a while and with one GET of one node, whether it is well again.</summary>
public sealed class LaneProbe(IDbContextFactory<PortalDb> databases, CloudClient cloud)
{
    /// <summary>Probes one lane whose time has come. False when there is none.</summary>
    public async Task<bool> ProbeNextAsync(CancellationToken token)
    {
        if (await TakeAsync(token) is not { } name)
        {
            return false;
        }

        var answer = await cloud.SendAsync(CallFor(name), CancellationToken.None);
        if (LaneHealth.IsIll(answer))
        {
            return true;
        }

        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var lane = await db.Lanes.FromSql($"select * from portal.lane where name = {name} for update").SingleAsync(CancellationToken.None);
        lane.Close(await db.ClockAsync(CancellationToken.None));
        AuditTrail.Record(db, Actor.System, AuditKind.LaneClosed, null, null, new JsonObject { ["lane"] = name, ["httpStatus"] = answer.Status });
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    // Taken by putting the next question off: should this process die now, another node asks then.
    async Task<string?> TakeAsync(CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        var lane = (await db.Lanes
            .FromSql($"select * from portal.lane where open_until < clock_timestamp() order by open_until limit 1 for update skip locked")
            .ToListAsync(token)).SingleOrDefault();
        if (lane is null)
        {
            return null;
        }

        lane.StayOpen(await db.ClockAsync(token));
        await db.SaveChangesAsync(token);
        await transaction.CommitAsync(token);
        return lane.Name;
    }

    static CloudCall CallFor(string lane)
    {
        var region = lane[(lane.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return lane.StartsWith("swr/", StringComparison.Ordinal) ? Swr.ListOrganizations(region) : CodeArts.ListRepositories(region, 1, 0, null);
    }
}
