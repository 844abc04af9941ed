using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.SignIn;

namespace Portal.People;

/// <summary>
/// Who is known and what they may do. Roles come from the identity provider and by hand; only the latter change here. Each change and its row
/// in the trail are one commit.
/// </summary>
public sealed class PeopleService(IDbContextFactory<PortalDb> databases, AuditTrail audit, IOptions<SessionLimits> limits)
{
    /// <summary>Rows on one page of the list.</summary>
    public const int PageSize = 25;

    /// <summary>Longest comment, in UTF-16 units.</summary>
    public const int LongestComment = 2000;

    /// <summary>People by name, optionally those with a text in name or id, with a role that counts now, or those who are shut out.</summary>
    public async Task<Outcome<Slice<PersonRow>>> ListAsync(string? text, Role? role, bool shutOut, int page, Actor actor, CancellationToken token)
    {
        if (!actor.May(Permission.ManagePeople))
        {
            return await DenyAsync(actor, "people.list", null);
        }

        await using var db = await databases.CreateDbContextAsync(token);
        IQueryable<Person> found = db.People;
        if (!string.IsNullOrWhiteSpace(text))
        {
            var pattern = $"%{LikePattern.Escape(text.Trim())}%";
            found = found.Where(person => EF.Functions.ILike(person.Name, pattern, LikePattern.EscapeCharacter)
                || EF.Functions.ILike(person.Id, pattern, LikePattern.EscapeCharacter));
        }

        if (role is not null)
        {
            var name = role.Value.ToString();
            found = found.Where(person => person.DisabledAt == null && (person.Roles.Contains(name) || person.Granted.Contains(name)));
        }

        if (shutOut)
        {
            found = found.Where(person => person.DisabledAt != null);
        }

        var holding = Holding(db, await db.ClockAsync(token));
        var total = await found.CountAsync(token);
        // Beyond the last page there is nothing, however far beyond the address says.
        var before = (Math.Clamp(page, 1, (total / PageSize) + 2) - 1) * PageSize;
        var rows = await found.AsNoTracking().OrderBy(person => person.Name).ThenBy(person => person.Id).Skip(before).Take(PageSize)
            .Select(person => new PersonRow(person, holding.Count(session => session.PersonId == person.Id)))
            .ToListAsync(token);
        return new Slice<PersonRow>(rows, total);
    }

    /// <summary>One person: anybody about themselves, and who manages people about everybody.</summary>
    public async Task<Outcome<PersonDetail>> FindAsync(string id, Actor actor, CancellationToken token)
    {
        // Nobody has such an id, and neither a query nor the trail takes it.
        if (!VisibleText.Is(id))
        {
            return new PersonNotFound();
        }

        if (id != actor.Id && !actor.May(Permission.ManagePeople))
        {
            return await DenyAsync(actor, "people.read", id);
        }

        await using var db = await databases.CreateDbContextAsync(token);
        if (await db.People.AsNoTracking().SingleOrDefaultAsync(person => person.Id == id, token) is not { } found)
        {
            return new PersonNotFound();
        }

        var signIns = await Holding(db, await db.ClockAsync(token)).Where(session => session.PersonId == id)
            .OrderByDescending(session => session.BeganAt)
            .Select(session => new SignInRow(
                session.Id, session.BeganAt, session.SeenAt, session.EndsAt, session.Address, session.Agent, session.Id == actor.Session))
            .ToListAsync(token);
        return new PersonDetail(found, signIns);
    }

    /// <summary>Whether there is somebody with that id. Only for somebody who may manage people.</summary>
    public async Task<bool> ExistsAsync(string id, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        return VisibleText.Is(id) && await db.People.AnyAsync(person => person.Id == id, token);
    }

    /// <summary>Gives and takes roles by hand, at once and for every open page.</summary>
    /// <param name="id">Whose.</param>
    /// <param name="shown">The roles by hand that were shown; when they are others by now, nothing changes.</param>
    /// <param name="wanted">The roles by hand that they shall have.</param>
    /// <param name="actor">Who changes them; never the person themselves.</param>
    /// <param name="token">Ends the work before the commit.</param>
    public Task<Outcome<Person>> ChangeRolesAsync(
        string id, IReadOnlyCollection<Role> shown, IReadOnlyCollection<Role> wanted, Actor actor, CancellationToken token) =>
        ChangeAsync(id, "person.roles", actor, (db, person) =>
        {
            var now = person.GivenByHand;
            if (wanted.Except(Permissions.Given).Any())
            {
                return Task.FromResult<Refusal?>(new RoleCannotBeGiven());
            }

            if (!now.ToHashSet().SetEquals(shown))
            {
                return Task.FromResult<Refusal?>(new PersonChanged());
            }

            if (now.ToHashSet().SetEquals(wanted))
            {
                return Task.FromResult<Refusal?>(null);
            }

            if (now.Except(wanted).Concat(wanted.Except(now)).Contains(Role.Administrator) && !actor.May(Permission.Administer))
            {
                return Task.FromResult<Refusal?>(new NotAllowed(Permission.Administer));
            }

            // A name that only another version knows is not this one's to take.
            var before = NamesOf(now);
            person.Granted = [.. NamesOf(wanted.Distinct().Order()), .. person.Granted.Except(before)];
            AuditTrail.Record(db, actor, AuditKind.PersonRolesChanged, null, null, new()
            {
                ["person"] = id,
                ["before"] = Array(before),
                ["after"] = Array(NamesOf(person.GivenByHand)),
            });
            return Task.FromResult<Refusal?>(null);
        }, token);

    /// <summary>Shuts somebody out: ends their sign-ins, and lets them in no more until <see cref="LetInAsync"/>.</summary>
    public Task<Outcome<Person>> ShutOutAsync(string id, string? comment, Actor actor, CancellationToken token) =>
        ChangeAsync(id, "person.disable", actor, async (db, person) =>
        {
            if (string.IsNullOrWhiteSpace(comment) || comment.Length > LongestComment || !VisibleText.Is(comment))
            {
                return new CommentMissing(LongestComment);
            }

            if (person.DisabledAt is not null)
            {
                return new PersonChanged();
            }

            var now = await db.ClockAsync(token);
            person.DisabledAt = now;
            AuditTrail.Record(db, actor, AuditKind.PersonDisabled, null, null, new() { ["person"] = id, ["comment"] = comment.Trim() });
            await SessionService.EndAsync(
                db, actor, SessionService.Live(db, now).Where(session => session.PersonId == id), SessionEnd.EndedByAdministrator, now, token);
            return null;
        }, token);

    /// <summary>Lets somebody in again who was shut out; they have the roles that they had.</summary>
    public Task<Outcome<Person>> LetInAsync(string id, Actor actor, CancellationToken token) =>
        ChangeAsync(id, "person.enable", actor, (db, person) =>
        {
            if (person.DisabledAt is null)
            {
                return Task.FromResult<Refusal?>(new PersonChanged());
            }

            person.DisabledAt = null;
            AuditTrail.Record(db, actor, AuditKind.PersonEnabled, null, null, new() { ["person"] = id });
            return Task.FromResult<Refusal?>(null);
        }, token);

    async Task<Outcome<Person>> ChangeAsync(
        string id, string what, Actor actor, Func<PortalDb, Person, Task<Refusal?>> change, CancellationToken token)
    {
        if (!actor.May(Permission.ManagePeople))
        {
            return await DenyAsync(actor, what, id);
        }

        if (id == actor.Id)
        {
            await DenyAsync(actor, what, id);
            return new MayNotChangeOneself();
        }

        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        // In one order, so that of two administrators who change one another the second waits, and then sees what the first did.
        var giving = NamesOf(Permissions.Holding(Permission.Administer).Union(Permissions.Holding(Permission.ManagePeople)));
        var locked = await db.People
            .FromSql($"select * from portal.person where id = {id} or id = {actor.Id} or (roles || granted) && {giving} order by id for update")
            .ToListAsync(token);
        if (locked.Find(known => known.Id == id) is not { } person)
        {
            return new PersonNotFound();
        }

        var mayStill = locked.Find(known => known.Id == actor.Id)?.May(Permission.ManagePeople) == true;
        if (await change(db, person) is { } refusal)
        {
            return refusal;
        }

        if (!locked.Exists(known => known.May(Permission.Administer)))
        {
            return new LastAdministrator();
        }

        if (!mayStill)
        {
            return await DenyAsync(actor, what, id);
        }

        await db.SaveChangesAsync(token);
        await transaction.CommitAsync(token);
        return person;
    }

    IQueryable<Session> Holding(PortalDb db, DateTimeOffset now)
    {
        var usedAfter = now - limits.Value.Idle;
        return SessionService.Live(db, now).Where(session => session.SeenAt > usedAfter);
    }

    async Task<NotAllowed> DenyAsync(Actor actor, string what, string? person)
    {
        await audit.RecordAloneAsync(actor, AuditKind.AccessDenied, new JsonObject { ["what"] = what, ["person"] = person });
        return new NotAllowed(Permission.ManagePeople);
    }

    static string[] NamesOf(IEnumerable<Role> roles) => [.. roles.Select(role => role.ToString())];

    static JsonArray Array(IEnumerable<string> names) => [.. names.Select(name => (JsonNode)name)];
}
