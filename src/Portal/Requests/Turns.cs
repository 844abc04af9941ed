using Microsoft.EntityFrameworkCore;
using Portal.Database;

namespace Portal.Requests;

/// <summary>
/// Shares the queue out between requesters: the items of one stand one second apart, so that those of another, who asked for few, come
/// in between instead of behind. Only the order is meant: when nobody else waits, nothing waits for its turn.
/// </summary>
public sealed class Turns(DateTimeOffset first)
{
    static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    DateTimeOffset next = first;

    /// <summary>The next turn of this requester.</summary>
    public DateTimeOffset Next()
    {
        var turn = next;
        next += Apart;
        return turn;
    }

    /// <summary>The turns of a requester behind everything that they have in the queue already.</summary>
    public static async Task<Turns> OfAsync(PortalDb db, string requester, DateTimeOffset now, CancellationToken token)
    {
        var last = await db.Items
            .Where(item => item.RequesterId == requester && item.State == ItemState.Queued)
            .MaxAsync(item => item.Turn, token);
        return new Turns(last is { } queued && queued + Apart > now ? queued + Apart : now);
    }
}
