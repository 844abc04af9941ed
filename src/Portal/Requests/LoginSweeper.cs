using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Audit;
using Portal.Database;

namespace Portal.Requests;

/// <summary>
/// Sees to it that no sealed login outlives its time: erases the rows, and destroys the keys of days that are over for good. Rows of requests
/// that ended are erased with them; what is still found here is a slip, and is erased and told all the same.
/// </summary>
public sealed class LoginSweeper(IDbContextFactory<PortalDb> databases, DayKeys keys, IOptions<RequestsOptions> options, ILogger<LoginSweeper> log)
{
    static readonly RequestState[] Over = [.. Enum.GetValues<RequestState>().Where(RequestLife.IsFinal)];

    /// <summary>Erases what is too old. Gives how many logins that were.</summary>
    public async Task<int> SweepAsync(CancellationToken token)
    {
        DateTimeOffset now;
        Guid[] old;
        await using (var db = await databases.CreateDbContextAsync(token))
        {
            now = await db.ClockAsync(token);
            var oldest = now - options.Value.LoginHold;
            old = await db.SealedLogins
                .Where(login => login.SealedAt < oldest || db.Requests.Any(request => request.Id == login.RequestId && Over.Contains(request.State)))
                .OrderBy(login => login.SealedAt).Select(login => login.RequestId).Take(500).ToArrayAsync(token);
        }

        var erased = 0;
        foreach (var request in old)
        {
            erased += await EraseAsync(request, token) ? 1 : 0;
        }

        // A day's last login is as old as its hold when the day is over by as much.
        foreach (var day in keys.DestroyBefore(DateOnly.FromDateTime((now - options.Value.LoginHold).UtcDateTime)))
        {
            log.LogInformation("The key of {Day} is destroyed: no login of that day can be opened any more", day.ToString("O", CultureInfo.InvariantCulture));
        }

        if (erased > 0)
        {
            log.LogWarning("{Count} sealed logins were erased because they waited too long", erased);
        }

        return erased;
    }

    async Task<bool> EraseAsync(Guid id, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        // The items first, as everywhere: a worker that opens the login just now holds them.
        await db.Items.FromSql($"select * from portal.request_item where request_id = {id} order by id for update").LoadAsync(token);
        var request = await db.Requests.FromSql($"select *, xmin from portal.request where id = {id} for update").SingleAsync(token);
        if (await db.SealedLogins.SingleOrDefaultAsync(login => login.RequestId == id, token) is not { } found)
        {
            return false;
        }

        db.SealedLogins.Remove(found);
        request.Record(db, Actor.System, AuditKind.RequestLoginErased, new() { ["sealedAt"] = found.SealedAt.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) });
        await db.SaveChangesAsync(token);
        await transaction.CommitAsync(token);
        return true;
    }
}
