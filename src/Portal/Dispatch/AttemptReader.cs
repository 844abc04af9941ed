using Microsoft.EntityFrameworkCore;
using Portal.Database;

namespace Portal.Dispatch;

/// <summary>Reads the attempts of a request for pages.</summary>
public sealed class AttemptReader(IDbContextFactory<PortalDb> databases)
{
    /// <summary>The last attempts of one request, oldest first; for people who may read the request.</summary>
    public async Task<IReadOnlyList<Attempt>> OfAsync(Guid request, int most, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        var newest = await db.Attempts.AsNoTracking().Where(attempt => attempt.RequestId == request)
            .OrderByDescending(attempt => attempt.StartedAt).Take(most).ToListAsync(token);
        newest.Reverse();
        return newest;
    }
}
