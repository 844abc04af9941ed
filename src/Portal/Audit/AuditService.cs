using System.Collections.ObjectModel;
using System.Data;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Database;

namespace Portal.Audit;

/// <summary>One line of the audit page; the number is the one that people say.</summary>
public sealed record AuditRow(
    Guid Id, DateTimeOffset At, string Kind, string ActorId, string ActorName, Guid? RequestId, long? RequestNumber,
    int? HttpStatus, string? ErrorCode, string? Jid, string Doc);

/// <summary>A place in the trail: newer is greater.</summary>
public sealed record AuditPlace(DateTimeOffset At, Guid Id);

/// <summary>One page of the trail.</summary>
/// <param name="Rows">Newest first.</param>
/// <param name="Total">How many match, at most <see cref="AuditService.MostCounted"/>.</param>
/// <param name="HasMore">True when more match than are counted.</param>
/// <param name="Newest">Where the list begins; later pages count from there. Null when nothing matches.</param>
/// <param name="Problems">What is wrong with the filter; with any, nothing matches.</param>
public sealed record AuditRows(
    IReadOnlyList<AuditRow> Rows, int Total, bool HasMore, AuditPlace? Newest, IReadOnlyList<AuditProblem> Problems)
{
    /// <summary>What people are called today whose ids are in the facts of the rows; who never signed in is not in it.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

/// <summary>One event whole.</summary>
/// <param name="Event">As it is stored.</param>
/// <param name="Names">As <see cref="AuditRows.Names"/>.</param>
public sealed record NamedEvent(AuditEvent Event, IReadOnlyDictionary<string, string> Names);

/// <summary>The filter has problems, so there is nothing to export.</summary>
public sealed record AuditFilterInvalid(IReadOnlyList<AuditProblem> Problems) : Refusal
{
    /// <inheritdoc />
    public override string WordKey => "Audit.ProblemFilter";
}

/// <summary>No event of that id.</summary>
public sealed record AuditEventNotFound : Refusal
{
    /// <inheritdoc />
    public override string WordKey => "Audit.EventNotFound";
}

/// <summary>Reads the trail for those who may; a refusal is itself recorded.</summary>
public sealed class AuditService(IDbContextFactory<PortalDb> databases, AuditTrail trail, RateGate limits)
{
    /// <summary>Rows on one page.</summary>
    public const int PageSize = 50;

    /// <summary>Counting ends here, and so do the pages: beyond, a narrower filter or an export serves better.</summary>
    public const int MostCounted = 10_000;

    /// <summary>New events are counted up to here.</summary>
    public const int MostNew = 100;

    /// <summary>One page, newest first. Rows that are added while somebody turns pages change nothing on the later ones.</summary>
    public async Task<Outcome<AuditRows>> PageAsync(AuditFilter filter, Actor actor, CancellationToken token)
    {
        if (await limits.WhyNotAsync(RateLimit.AuditSearch, actor) is { } tooOften)
        {
            return tooOften;
        }

        if (!actor.May(Permission.ReadAudit))
        {
            return await DenyAsync(actor, "audit.read");
        }

        var (criteria, problems) = AuditCriteria.Read(filter);
        if (criteria is null)
        {
            return new AuditRows([], 0, false, null, problems);
        }

        await using var db = await databases.CreateDbContextAsync(token);
        var matching = criteria.Of(db);
        var newest = await NewestAsync(db, matching, filter, token);
        if (newest is null && filter.Page > 1)
        {
            return new AuditRows([], 0, false, null, []);
        }

        var listed = newest is null ? matching : UpTo(matching, newest);
        var rows = await Lines(db, InOrder(listed).Skip((Math.Clamp(filter.Page, 1, MostCounted) - 1) * PageSize).Take(PageSize)).ToListAsync(token);

        // A first page that is not full has told how many there are; a rare word need not be looked for twice.
        var total = filter.Page == 1 && rows.Count < PageSize ? rows.Count : await listed.Take(MostCounted + 1).CountAsync(token);
        newest ??= rows.Count == 0 ? null : new AuditPlace(rows[0].At, rows[0].Id);
        return new AuditRows(rows, Math.Min(total, MostCounted), total > MostCounted, newest, [])
        {
            Names = await NamesAsync(db, rows.Select(row => row.Doc), token),
        };
    }

    /// <summary>How many matching events came after <paramref name="newest"/>, at most <see cref="MostNew"/>.</summary>
    public async Task<Outcome<int>> CountNewerAsync(AuditFilter filter, AuditPlace? newest, Actor actor, CancellationToken token)
    {
        if (!actor.May(Permission.ReadAudit))
        {
            return await DenyAsync(actor, "audit.read");
        }

        if (AuditCriteria.Read(filter).Criteria is not { } criteria)
        {
            return 0;
        }

        await using var db = await databases.CreateDbContextAsync(token);
        var matching = criteria.Of(db);
        if (newest is not null)
        {
            matching = matching.Where(row => EF.Functions.GreaterThan(ValueTuple.Create(row.At, row.Id), ValueTuple.Create(newest.At, newest.Id)));
        }

        return await matching.Take(MostNew).CountAsync(token);
    }

    /// <summary>True when there is such an event. For people who may read the trail.</summary>
    public async Task<bool> ExistsAsync(Guid id, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        return await db.Events.AnyAsync(row => row.Id == id, token);
    }

    /// <summary>One event whole.</summary>
    public async Task<Outcome<NamedEvent>> EventAsync(Guid id, Actor actor, CancellationToken token)
    {
        if (await limits.WhyNotAsync(RateLimit.AuditSearch, actor) is { } tooOften)
        {
            return tooOften;
        }

        if (!actor.May(Permission.ReadAudit))
        {
            return await DenyAsync(actor, "audit.event");
        }

        await using var db = await databases.CreateDbContextAsync(token);
        return await db.Events.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, token) is { } found
            ? new NamedEvent(found, await NamesAsync(db, [found.Doc], token))
            : new AuditEventNotFound();
    }

    /// <summary>
    /// Opens an export of exactly the rows that match now, in the order of the page, and records it before a byte of it exists.
    /// The rows are a snapshot: what is added later, the record of the export included, is not in it. The caller disposes it.
    /// </summary>
    public async Task<Outcome<AuditExport>> ExportAsync(AuditFilter filter, ExportFormat format, Actor actor, CancellationToken token)
    {
        if (!actor.May(Permission.ReadAudit))
        {
            return await DenyAsync(actor, "audit.export");
        }

        var (criteria, problems) = AuditCriteria.Read(filter);
        if (criteria is null)
        {
            return new AuditFilterInvalid(problems);
        }

        if (await limits.WhyNotAsync(RateLimit.AuditExport, actor) is { } tooOften)
        {
            return tooOften;
        }

        var db = await databases.CreateDbContextAsync(token);
        try
        {
            await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);
            var matching = criteria.Of(db).AsNoTracking();
            var export = new AuditExport(db, InOrder(matching), trail, actor) { Format = format, Rows = await matching.LongCountAsync(token) };
            await export.RecordCreatedAsync(filter);
            return export;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    static async Task<AuditPlace?> NewestAsync(PortalDb db, IQueryable<AuditEvent> matching, AuditFilter filter, CancellationToken token)
    {
        var known = filter.UpTo is { } id ? await Places(db.Events.Where(row => row.Id == id)).SingleOrDefaultAsync(token) : null;
        return known ?? (filter.Page == 1 ? null : await Places(InOrder(matching)).FirstOrDefaultAsync(token));
    }

    static async Task<IReadOnlyDictionary<string, string>> NamesAsync(PortalDb db, IEnumerable<string> docs, CancellationToken token)
    {
        string[] ids = [.. docs.SelectMany(doc => AuditDocument.Read(doc).PersonIds).Distinct()];
        return ids.Length == 0
            ? ReadOnlyDictionary<string, string>.Empty
            : await db.People.Where(person => ids.Contains(person.Id)).ToDictionaryAsync(person => person.Id, person => person.Name, token);
    }

    static IQueryable<AuditEvent> InOrder(IQueryable<AuditEvent> rows) => rows.OrderByDescending(row => row.At).ThenByDescending(row => row.Id);

    static IQueryable<AuditEvent> UpTo(IQueryable<AuditEvent> rows, AuditPlace newest) =>
        rows.Where(row => EF.Functions.LessThanOrEqual(ValueTuple.Create(row.At, row.Id), ValueTuple.Create(newest.At, newest.Id)));

    static IQueryable<AuditPlace> Places(IQueryable<AuditEvent> rows) => rows.Select(row => new AuditPlace(row.At, row.Id));

    static IQueryable<AuditRow> Lines(PortalDb db, IQueryable<AuditEvent> rows) => rows.Select(row => new AuditRow(
        row.Id, row.At, row.Kind, row.ActorId, row.ActorName, row.RequestId,
        db.Requests.Where(request => request.Id == row.RequestId).Select(request => (long?)request.Number).FirstOrDefault(), row.HttpStatus, row.ErrorCode, row.Jid, row.Doc));

    async Task<NotAllowed> DenyAsync(Actor actor, string what)
    {
        await trail.RecordAloneAsync(actor, AuditKind.AccessDenied, new JsonObject { ["what"] = what });
        return new NotAllowed(Permission.ReadAudit);
    }
}
