using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Database;

namespace Portal.Requests;

/// <summary>One line of a list of requests.</summary>
public sealed record RequestRow(
    Guid Id, long Number, string Kind, string Subject, string RequesterId, string RequesterName, RequestState State,
    DateTimeOffset SubmittedAt, DateTimeOffset ChangedAt, SentLight Sent, ProvedLight Proved);

/// <summary>One line of the history of a request.</summary>
public sealed record HistoryRow(Guid Id, DateTimeOffset At, string Kind, string ActorName, string Doc);

/// <summary>One exchange with the cloud.</summary>
public sealed record AttemptRow(
    Guid Id, AttemptPurpose Purpose, string Method, string Path, DateTimeOffset StartedAt, AttemptResult? Result, int? HttpStatus,
    string? ErrorCode, string? ErrorMessage, string? CloudRequestId, string? Jid, int? DurationMs, string Part);

/// <summary>A request with its items and its history, and the one that was submitted together with it, if there is one.</summary>
public sealed record RequestDetail(Request Request, IReadOnlyList<HistoryRow> History, Request? Pair);

/// <summary>Reads requests for pages, and shows nobody what they may not see.</summary>
public sealed class RequestReader(IDbContextFactory<PortalDb> databases)
{
    /// <summary>Rows on one page of a list.</summary>
    public const int PageSize = 25;

    /// <summary>
    /// The requests of one person, or all for somebody who asks for nothing themselves but may read all; newest first, optionally of one
    /// state and holding a text.
    /// </summary>
    public async Task<Slice<RequestRow>> MineAsync(Actor actor, RequestState? state, string? text, int page, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        var all = ListsAll(actor);
        var found = db.Requests.Where(request => all || request.RequesterId == actor.Id);
        if (state is not null)
        {
            found = found.Where(request => request.State == state);
        }

        if (!string.IsNullOrWhiteSpace(text))
        {
            _ = long.TryParse(text.Trim().TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            var pattern = $"%{LikePattern.Escape(text.Trim())}%";
            found = found.Where(request => EF.Functions.ILike(request.Subject, pattern, LikePattern.EscapeCharacter)
                || EF.Functions.ILike(request.Reason, pattern, LikePattern.EscapeCharacter)
                || request.Number == number);
        }

        return await SliceAsync(found, page, token);
    }

    /// <summary>True when <see cref="MineAsync"/> lists the requests of everybody.</summary>
    public static bool ListsAll(Actor actor) => !actor.May(Permission.SubmitRequests) && actor.May(Permission.ReadAllRequests);

    /// <summary>What waits for a decision, oldest first, that this person did not ask for themselves.</summary>
    public async Task<IReadOnlyList<RequestRow>> WaitingForAsync(Actor actor, CancellationToken token)
    {
        if (!actor.May(Permission.DecideRequests))
        {
            return [];
        }

        await using var db = await databases.CreateDbContextAsync(token);
        return await Rows(db.Requests
            .Where(request => request.State == RequestState.PendingApproval && request.RequesterId != actor.Id && request.PairedWith == null)
            .OrderBy(request => request.SubmittedAt)
            .Take(200)).ToListAsync(token);
    }

    /// <summary>How many requests <see cref="WaitingForAsync"/> would find.</summary>
    public async Task<int> CountWaitingForAsync(Actor actor, CancellationToken token)
    {
        if (!actor.May(Permission.DecideRequests))
        {
            return 0;
        }

        await using var db = await databases.CreateDbContextAsync(token);
        return await db.Requests.CountAsync(
            request => request.State == RequestState.PendingApproval && request.RequesterId != actor.Id && request.PairedWith == null, token);
    }

    /// <summary>What moves or needs a look: everything approved and not ended, of this person, or of all where they may read all.</summary>
    public async Task<IReadOnlyList<RequestRow>> MovingAsync(Actor actor, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        var all = actor.May(Permission.ReadAllRequests);
        return await Rows(db.Requests
            .Where(request => all || request.RequesterId == actor.Id)
            .Where(request => request.State == RequestState.Approved || request.State == RequestState.InProgress
                || request.State == RequestState.OutcomeUnknown
                || (request.State == RequestState.PendingApproval && request.RequesterId == actor.Id))
            .OrderByDescending(request => request.ChangedAt)
            .Take(20)).ToListAsync(token);
    }

    /// <summary>The last requests that ended, of this person or of all.</summary>
    public async Task<IReadOnlyList<RequestRow>> EndedAsync(Actor actor, int most, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        var all = actor.May(Permission.ReadAllRequests);
        RequestState[] ended = [.. Enum.GetValues<RequestState>().Where(RequestLife.HasEnded)];
        return await Rows(db.Requests
            .Where(request => all || request.RequesterId == actor.Id)
            .Where(request => ended.Contains(request.State))
            .OrderByDescending(request => request.ChangedAt)
            .Take(most)).ToListAsync(token);
    }

    /// <summary>True when there is such a request and the person may see it.</summary>
    public async Task<bool> MaySeeAsync(Guid id, Actor actor, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        var all = actor.May(Permission.ReadAllRequests);
        return await db.Requests.AnyAsync(request => request.Id == id && (all || request.RequesterId == actor.Id), token);
    }

    /// <summary>One request with items and history; refused as not found when the person may not see it.</summary>
    public async Task<Outcome<RequestDetail>> FindAsync(Guid id, Actor actor, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        var request = await db.Requests.AsNoTracking().Include(found => found.Items).SingleOrDefaultAsync(found => found.Id == id, token);
        if (request is null || (request.RequesterId != actor.Id && !actor.May(Permission.ReadAllRequests)))
        {
            return new RequestNotFound();
        }

        var history = await db.Events.Where(row => row.RequestId == id).OrderBy(row => row.Seq)
            .Select(row => new HistoryRow(row.Id, row.At, row.Kind, row.ActorName, row.Doc))
            .ToListAsync(token);
        // Both are of the same requester, so whoever may see the one may see the other.
        var pair = await db.Requests.AsNoTracking()
            .Where(other => other.PairedWith == id || (request.PairedWith != null && other.Id == request.PairedWith))
            .SingleOrDefaultAsync(token);
        return new RequestDetail(request, history, pair);
    }

    /// <summary>The last exchanges of a request, oldest first; none for people who may not read it.</summary>
    public async Task<IReadOnlyList<AttemptRow>> AttemptsAsync(Guid request, int most, Actor actor, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        var all = actor.May(Permission.ReadAllRequests);
        var newest = await db.Attempts
            .Where(attempt => attempt.RequestId == request
                && (all || db.Requests.Any(asked => asked.Id == request && asked.RequesterId == actor.Id)))
            .OrderByDescending(attempt => attempt.StartedAt)
            .Take(most)
            .Select(attempt => new AttemptRow(
                attempt.Id, attempt.Purpose, attempt.Method, attempt.Path, attempt.StartedAt, attempt.Result, attempt.HttpStatus,
                attempt.ErrorCode, attempt.ErrorMessage, attempt.CloudRequestId, attempt.Jid, attempt.DurationMs,
                db.Items.Where(item => item.Id == attempt.ItemId).Select(item => item.Part).First()))
            .ToListAsync(token);
        newest.Reverse();
        return newest;
    }

    static async Task<Slice<RequestRow>> SliceAsync(IQueryable<Request> found, int page, CancellationToken token)
    {
        var total = await found.CountAsync(token);
        // Beyond the last page there is nothing, however far beyond the address says.
        var before = (Math.Clamp(page, 1, (total / PageSize) + 2) - 1) * PageSize;
        var rows = await Rows(found.OrderByDescending(request => request.SubmittedAt).Skip(before).Take(PageSize)).ToListAsync(token);
        return new Slice<RequestRow>(rows, total);
    }

    static IQueryable<RequestRow> Rows(IQueryable<Request> requests) => requests.Select(request => new RequestRow(
        request.Id, request.Number, request.Kind, request.Subject, request.RequesterId, request.RequesterName, request.State,
        request.SubmittedAt, request.ChangedAt,
        // Of many calls the one that is not through yet speaks for all: the lights are green only when every one is.
        request.Items.OrderBy(item => item.Sent == SentLight.Accepted).Select(item => item.Sent).FirstOrDefault(),
        request.Items.OrderBy(item => item.Proved == ProvedLight.Proved).Select(item => item.Proved).FirstOrDefault()));
}
