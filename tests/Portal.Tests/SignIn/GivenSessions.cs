using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Database;
using Portal.SignIn;
using Portal.Tests.Support;

namespace Portal.Tests.SignIn;

/// <summary>People who signed in.</summary>
static class GivenSessions
{
    /// <summary>Keys of one test run, which no other process needs.</summary>
    static readonly EphemeralDataProtectionProvider Protection = new();

    /// <summary>Of a portal with personas and a provider, or with who else vouches for people.</summary>
    public static Sessions Sessions(this TestDatabase database, SessionLimits? limits = null, TrustedIssuers? issuers = null) =>
        new(database.App, Options.Create(limits ?? new()), issuers ?? new(Personas: true, ["https://idp.example"]));

    public static SessionService SessionService(this TestDatabase database, SessionLimits? limits = null) =>
        new(database, Protection, Options.Create(limits ?? new()));

    /// <summary>Somebody with a sign-in that is not in the trail, for tests that count its rows.</summary>
    public static async Task<Actor> SignedInAsync(this TestDatabase database, Actor person)
    {
        await using var db = database.CreateDbContext();
        var now = await db.ClockAsync(TestContext.Current.CancellationToken);
        var session = Guid.CreateVersion7();
        db.People.Add(new Person { Id = person.Id, Name = person.Name, Roles = [.. person.Roles.Select(role => role.ToString())] });
        db.Sessions.Add(new Session { Id = session, KeyHash = [], PersonId = person.Id, BeganAt = now, SeenAt = now, EndsAt = now.AddHours(1) });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return person with { Session = session };
    }

    /// <summary>The row of a sign-in as it is now.</summary>
    public static async Task<Session> SessionAsync(this IDbContextFactory<PortalDb> databases, Guid id)
    {
        await using var db = await databases.CreateDbContextAsync();
        return await db.Sessions.AsNoTracking().SingleAsync(session => session.Id == id);
    }
}
