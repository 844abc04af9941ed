using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.SignIn;

namespace Portal.People;

/// <summary>Ends sign-ins before their time: one's own, or, for who manages people, anybody's. Open pages leave by themselves.</summary>
public sealed class SignInService(IDbContextFactory<PortalDb> databases, AuditTrail audit)
{
    /// <summary>Ends one sign-in. Whose it is decides who may; somebody else's is not found.</summary>
    public async Task<Outcome<int>> EndAsync(Guid session, Actor actor, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        var now = await db.ClockAsync(token);
        var found = SessionService.Live(db, now).Where(live => live.Id == session);
        var owner = await found.Select(live => live.PersonId).SingleOrDefaultAsync(token);
        if (owner is null)
        {
            return new SignInNotFound();
        }

        if (owner != actor.Id && !actor.May(Permission.ManagePeople))
        {
            await DenyAsync(actor, owner);
            return new SignInNotFound();
        }

        return await SessionService.EndAsync(db, actor, found, WhyOf(owner, actor), now, token);
    }

    /// <summary>Ends every sign-in of a person but the one that the actor acts under, and gives how many.</summary>
    public async Task<Outcome<int>> EndOthersAsync(string person, Actor actor, CancellationToken token)
    {
        if (person != actor.Id && !actor.May(Permission.ManagePeople))
        {
            await DenyAsync(actor, person);
            return new NotAllowed(Permission.ManagePeople);
        }

        await using var db = await databases.CreateDbContextAsync(token);
        var now = await db.ClockAsync(token);
        return await SessionService.EndAsync(
            db, actor, SessionService.Live(db, now).Where(live => live.PersonId == person && live.Id != actor.Session), WhyOf(person, actor), now, token);
    }

    static SessionEnd WhyOf(string owner, Actor actor) => owner == actor.Id ? SessionEnd.EndedByPerson : SessionEnd.EndedByAdministrator;

    Task DenyAsync(Actor actor, string person) =>
        audit.RecordAloneAsync(actor, AuditKind.AccessDenied, new JsonObject { ["what"] = "session.end", ["person"] = person });
}
