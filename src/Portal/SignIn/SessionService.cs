using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Audit;
using Portal.Database;

namespace Portal.SignIn;

/// <summary>From where somebody signs in.</summary>
/// <param name="Address">Network address of the browser.</param>
/// <param name="Agent">What the browser calls itself.</param>
/// <param name="IdToken">The provider's token, for the sign-out there.</param>
/// <param name="Replaces">The sign-in that this browser had until now.</param>
public sealed record SignInOrigin(string? Address, string? Agent, string? IdToken = null, Guid? Replaces = null);

/// <summary>A sign-in that ended here.</summary>
/// <param name="Issuer">The provider that it came from; null for personas.</param>
/// <param name="IdToken">The provider's token, which tells it who signs out; null when it cannot be opened any more.</param>
public sealed record SignedOut(string? Issuer, string? IdToken);

/// <summary>Begins and ends sign-ins. Each change and its row in the trail are one transaction.</summary>
public sealed class SessionService(IDbContextFactory<PortalDb> databases, IDataProtectionProvider protection, IOptions<SessionLimits> options)
{
    /// <summary>How long a sign-in that is over stays in the lists; the trail keeps it for ever.</summary>
    static readonly TimeSpan KeptAfterwards = TimeSpan.FromDays(30);

    const int LongestAgent = 200;

    readonly IDataProtector tokens = protection.CreateProtector("id-token", "v1");

    /// <summary>
    /// Begins a sign-in with a new key, ends the one that this browser had and the oldest when there are too many, and remembers the person with
    /// the provider's roles. The key goes into the cookie and nowhere else.
    /// </summary>
    public async Task<(Guid Session, byte[] Key)> BeginAsync(Identity who, SignInOrigin from, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        // Locks the person, so that of two sign-ins at the same moment the second sees the first.
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into portal.person (id, name, roles) values ({who.PersonId}, {who.Name}, {Names(who.Roles)})
            on conflict (id) do update set name = excluded.name, roles = excluded.roles, seen_at = clock_timestamp()
            """, token);
        var person = await db.People.SingleAsync(known => known.Id == who.PersonId, token);
        var now = await db.ClockAsync(token);
        var key = RandomNumberGenerator.GetBytes(32);
        var session = new Session
        {
            Id = Guid.CreateVersion7(),
            KeyHash = SHA256.HashData(key),
            PersonId = person.Id,
            Issuer = who.Issuer,
            Subject = who.Subject,
            ProviderSession = who.ProviderSession,
            AuthenticatedAt = who.AuthenticatedAt,
            Address = from.Address,
            Agent = from.Agent is { Length: > LongestAgent } ? from.Agent[..LongestAgent] : from.Agent,
            BeganAt = now,
            SeenAt = now,
            EndsAt = now + options.Value.Longest,
        };
        session.Keep(from.IdToken is null ? null : tokens.Protect(Encoding.UTF8.GetBytes(from.IdToken)));
        db.Add(session);
        var actor = new Actor(person.Id, person.Name, person.RolesNow, from.Address, session.Id);
        AuditTrail.Record(db, actor, AuditKind.SignedIn, null, null, new()
        {
            ["session"] = session.Id.ToString(),
            ["issuer"] = who.Issuer,
            ["agent"] = session.Agent,
            ["lacksGroups"] = who.LacksGroups ? true : null,
        });
        var live = await Live(db, now).Where(other => other.PersonId == person.Id).OrderByDescending(other => other.BeganAt).ToListAsync(token);
        var replaced = live.Where(other => other.Id == from.Replaces).ToList();
        End(db, actor, replaced, SessionEnd.SignedInAgain, now);
        End(db, actor, live.Except(replaced).Skip(options.Value.PerPerson - 1), SessionEnd.TooMany, now);
        await db.SaveChangesAsync(token);
        // Somebody else's in the same browser ends as well.
        await EndAsync(db, actor, Live(db, now).Where(other => other.Id == from.Replaces), SessionEnd.SignedInAgain, now, token);
        await db.Sessions.Where(old => old.EndsAt < now - KeptAfterwards).ExecuteDeleteAsync(token);
        await transaction.CommitAsync(token);
        return (session.Id, key);
    }

    /// <summary>True when an administrator shut this person out.</summary>
    public async Task<bool> IsShutOutAsync(string person, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        return await db.People.AnyAsync(known => known.Id == person && known.DisabledAt != null, token);
    }

    /// <summary>
    /// The sign-in behind an actor ends because they say so. Gives what the provider needs to end its own; null when there was nothing to end.
    /// </summary>
    public async Task<SignedOut?> SignOutAsync(Actor actor, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        var now = await db.ClockAsync(token);
        if (await Live(db, now).SingleOrDefaultAsync(live => live.Id == actor.Session, token) is not { } session)
        {
            return null;
        }

        var signedOut = new SignedOut(session.Issuer, Open(session.IdToken));
        session.End(SessionEnd.SignedOut, now);
        AuditTrail.Record(db, actor, AuditKind.SignedOut, null, null, new() { ["session"] = session.Id.ToString() });
        await db.SaveChangesAsync(token);
        return signedOut;
    }

    /// <summary>
    /// Ends what the provider ended: the sign-ins under its session, or all of a person there. Gives how many; none is no fault, because a
    /// provider tells every site that it knows of.
    /// </summary>
    public async Task<int> EndByProviderAsync(string issuer, string? subject, string? providerSession, CancellationToken token)
    {
        if (subject is null && providerSession is null)
        {
            return 0;
        }

        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        var ended = await EndAsync(
            db, Actor.System,
            Live(db, await db.ClockAsync(token)).Where(session => session.Issuer == issuer
                && (subject == null || session.Subject == subject) && (providerSession == null || session.ProviderSession == providerSession)),
            SessionEnd.EndedByProvider, await db.ClockAsync(token), token);
        await transaction.CommitAsync(token);
        return ended;
    }

    /// <summary>Sign-ins that hold as far as their rows say; how long nobody used them is judged when somebody does.</summary>
    public static IQueryable<Session> Live(PortalDb db, DateTimeOffset now) =>
        db.Sessions.Where(session => session.EndedAt == null && session.EndsAt > now);

    /// <summary>Ends sign-ins in a transaction of the caller's, each with its row in the trail, and gives how many.</summary>
    public static async Task<int> EndAsync(PortalDb db, Actor by, IQueryable<Session> sessions, SessionEnd why, DateTimeOffset now, CancellationToken token)
    {
        var ending = await sessions.ToListAsync(token);
        End(db, by, ending, why, now);
        await db.SaveChangesAsync(token);
        return ending.Count;
    }

    static void End(PortalDb db, Actor by, IEnumerable<Session> sessions, SessionEnd why, DateTimeOffset now)
    {
        foreach (var session in sessions)
        {
            session.End(why, now);
            AuditTrail.Record(db, by, AuditKind.SessionEnded, null, null, new JsonObject
            {
                ["session"] = session.Id.ToString(),
                ["person"] = session.PersonId,
                ["why"] = why.ToString(),
            });
        }
    }

    string? Open(byte[]? sealedToken)
    {
        try
        {
            return sealedToken is null ? null : Encoding.UTF8.GetString(tokens.Unprotect(sealedToken));
        }
        catch (CryptographicException)
        {
            // The key is gone. The provider then asks the person whether they want to sign out.
            return null;
        }
    }

    static string[] Names(IEnumerable<Role> roles) => [.. roles.Select(role => role.ToString())];
}
