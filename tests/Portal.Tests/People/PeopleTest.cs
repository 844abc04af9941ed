using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Audit;
using Portal.People;
using Portal.SignIn;
using Portal.Tests.SignIn;
using Portal.Tests.Support;

namespace Portal.Tests.People;

/// <summary>People with sign-ins, and the services that change them.</summary>
public abstract class PeopleTest(PostgresFixture postgres) : IAsyncLifetime
{
    protected TestDatabase Database { get; private set; } = null!;

    protected PeopleService People { get; private set; } = null!;

    protected RoleGivers Givers { get; private set; } = null!;

    protected SignInService SignIns { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.CreateAsync();
        People = new PeopleService(Database, new AuditTrail(Database), Options.Create(new SessionLimits()));
        Givers = new RoleGivers(Database.App);
        SignIns = new SignInService(Database, new AuditTrail(Database));
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Database.DisposeAsync();
    }

    /// <summary>Somebody who signed in with roles of the provider, and acts under that sign-in.</summary>
    protected async Task<Actor> SignInAsync(string name, params Role[] roles)
    {
        var (session, _) = await Database.SessionService().BeginAsync(new Identity("tenant/" + name, name, roles), new SignInOrigin("192.0.2.7", "a browser"), Token);
        return await ActorAsync(session) ?? throw new InvalidOperationException($"{name} is not let in.");
    }

    /// <summary>Who acts under a sign-in now, or nobody.</summary>
    protected Task<Actor?> ActorAsync(Guid session) => Database.Sessions().ActorAsync(session, "192.0.2.7", null, Token);

    /// <summary>The person as stored now.</summary>
    protected async Task<Person> PersonAsync(string id)
    {
        await using var db = Database.CreateDbContext();
        return await db.People.AsNoTracking().SingleAsync(person => person.Id == id, Token);
    }

    /// <summary>The trail but for sign-ins: kind, who, and the facts.</summary>
    protected async Task<IReadOnlyList<string>> TrailAsync()
    {
        await using var db = Database.CreateDbContext();
        return await db.Events.Where(row => row.Kind != AuditKind.SignedIn).OrderBy(row => row.At)
            .Select(row => row.Kind + " by " + row.ActorId).ToListAsync(Token);
    }

    /// <summary>The facts of the newest row of a kind, as JSON in canonical form.</summary>
    protected async Task<string> FactsAsync(string kind) =>
        await Database.ValueAsync<string>("select (doc -> 'facts')::text from audit.event where kind = $1 order by at desc limit 1", kind);
}
