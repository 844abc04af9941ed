using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Database;
using Portal.Kinds;
using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>One item that waits for a person.</summary>
/// <param name="Item">What is known of it.</param>
/// <param name="Request">Whose it is.</param>
/// <param name="NeedsSecond">Whether settling it takes two people.</param>
/// <param name="Open">What somebody proposed, when that waits for a second person.</param>
public sealed record DeskRow(RequestItem Item, Request Request, bool NeedsSecond, Settlement? Open);

/// <summary>The desk of calls whose outcome the portal could not find out: they wait, with their evidence, for a person. <see cref="OutcomeService"/> settles them.</summary>
public sealed class OutcomeDesk(IDbContextFactory<PortalDb> databases, KindList kinds)
{
    const int MostRows = 200;

    /// <summary>What waits for a person, oldest first; nothing for people who may not operate or administer.</summary>
    public async Task<IReadOnlyList<DeskRow>> RowsAsync(Actor actor, CancellationToken token)
    {
        if (!MaySee(actor))
        {
            return [];
        }

        await using var db = await databases.CreateDbContextAsync(token);
        var items = await OnDesk(db).OrderBy(item => item.Id).Take(MostRows).AsNoTracking().ToListAsync(token);
        Guid[] requestIds = [.. items.Select(item => item.RequestId).Distinct()];
        Guid[] itemIds = [.. items.Select(item => item.Id)];
        var requests = await db.Requests.AsNoTracking().Where(request => requestIds.Contains(request.Id)).ToDictionaryAsync(request => request.Id, token);
        var open = await db.Settlements.AsNoTracking()
            .Where(settlement => itemIds.Contains(settlement.ItemId) && settlement.State == SettlementState.Proposed)
            .ToDictionaryAsync(settlement => settlement.ItemId, token);
        return [.. items.Select(item => new DeskRow(item, requests[item.RequestId], NeedsSecond(kinds, requests[item.RequestId]), open.GetValueOrDefault(item.Id)))];
    }

    /// <summary>How many items wait for a person.</summary>
    public async Task<int> CountAsync(Actor actor, CancellationToken token)
    {
        if (!MaySee(actor))
        {
            return 0;
        }

        await using var db = await databases.CreateDbContextAsync(token);
        return await OnDesk(db).CountAsync(token);
    }

    /// <summary>True for people who may see the desk; settling is checked again with each item.</summary>
    public static bool MaySee(Actor actor) => MaySee(actor.Roles);

    /// <summary>True for roles of which one may see the desk and the board.</summary>
    public static bool MaySee(IReadOnlyList<Role> roles) => Permissions.Allow(roles, Permission.Operate) || Permissions.Allow(roles, Permission.Administer);

    // Whether a repeat or a wrong word could overwrite something is what makes two people of one.
    internal static bool NeedsSecond(KindList kinds, Request request) => !kinds[request.Kind].IsSafeToRepeat(request.PayloadTree());

    static IQueryable<RequestItem> OnDesk(PortalDb db) =>
        db.Items.Where(item => item.State == ItemState.Parked || (item.State == ItemState.Unknown && item.DueAt == null));
}
