using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Approvals;
using Portal.Audit;
using Portal.Dispatch;
using Portal.Requests;
using Portal.SignIn;

namespace Portal.Database;

/// <summary>
/// The portal's database. Make one per operation from the factory; one <c>SaveChanges</c> is one transaction.
/// Schemas: <c>portal</c> for what is, <c>audit</c> for what happened.
/// </summary>
public sealed class PortalDb : DbContext
{
    // A failed save ends its transaction here: nobody goes on after half of one, so a savepoint before each would be for nothing.
    public PortalDb(DbContextOptions<PortalDb> options) : base(options) => Database.AutoSavepointsEnabled = false;

    public DbSet<Request> Requests => Set<Request>();

    public DbSet<RequestItem> Items => Set<RequestItem>();

    public DbSet<SealedLogin> SealedLogins => Set<SealedLogin>();

    public DbSet<Decision> Decisions => Set<Decision>();

    public DbSet<Attempt> Attempts => Set<Attempt>();

    public DbSet<Lane> Lanes => Set<Lane>();

    public DbSet<RateBudget> RateBudgets => Set<RateBudget>();

    public DbSet<Settlement> Settlements => Set<Settlement>();

    public DbSet<Person> People => Set<Person>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<AuditEvent> Events => Set<AuditEvent>();

    public DbSet<KeyRingEntry> KeyRing => Set<KeyRingEntry>();

    /// <summary>Kinds of the audit rows that this context will commit with its next transaction: they are counted then.</summary>
    internal List<string> NewEvents { get; } = [];

    /// <summary>The database's clock: the only one that leases, due times and decisions are measured by, so that nodes need not agree.</summary>
    public async Task<DateTimeOffset> ClockAsync(CancellationToken token) =>
        await Database.SqlQuery<DateTimeOffset>($"select clock_timestamp() as \"Value\"").SingleAsync(token);

    /// <inheritdoc />
    public override void Dispose()
    {
        // A context comes back from the pool: what it did not commit was undone.
        NewEvents.Clear();
        base.Dispose();
    }

    /// <inheritdoc />
    public override ValueTask DisposeAsync()
    {
        NewEvents.Clear();
        return base.DisposeAsync();
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema("portal");
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PortalDb).Assembly);
        AuditText.Map(modelBuilder);
    }

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Conventions.Add(_ => new SnakeCaseNames());
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
    }
}
