using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using Portal.Database;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Audit;

/// <summary>The schema that the migrations program makes, and that the model is the same.</summary>
public sealed class SchemaTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Migrations_have_nothing_pending_against_the_model()
    {
        await using var database = await postgres.CreateAsync();
        await using var db = database.CreateDbContext();

        Assert.False(db.Database.HasPendingModelChanges());
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Model_with_one_more_column_is_noticed()
    {
        var options = new DbContextOptionsBuilder<PortalDb>();
        using var nowhere = NpgsqlDataSource.Create("Host=unused");
        DatabaseFeature.Configure(options, nowhere);
        options.ReplaceService<IModelCustomizer, OneMoreColumn>();
        using var db = new PortalDb(options.Options);

        Assert.True(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task Migrations_program_tells_what_is_pending_applies_it_and_then_has_nothing_to_do()
    {
        await using var database = await postgres.CreateEmptyAsync();

        var (before, pending) = await postgres.MigrateAsync(database.OwnerConnection, "--check");
        var (applied, said) = await postgres.MigrateAsync(database.OwnerConnection);
        var (again, nothing) = await postgres.MigrateAsync(database.OwnerConnection);
        var (after, _) = await postgres.MigrateAsync(database.OwnerConnection, "--check");

        Assert.Equal((1, 0, 0, 0), (before, applied, again, after));
        Assert.Contains("pending: ", pending, StringComparison.Ordinal);
        Assert.Contains("applied: ", said, StringComparison.Ordinal);
        Assert.Contains("up to date", nothing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrations_program_without_a_database_says_so()
    {
        Assert.Equal(2, (await postgres.MigrateAsync("")).ExitCode);
        var (exitCode, said) = await postgres.MigrateAsync("Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=5");
        Assert.Equal(2, exitCode);
        Assert.Contains("could not be migrated", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_table_of_the_portal_is_known_to_the_rights()
    {
        await using var database = await postgres.CreateAsync();

        // What the portal may delete, and where it may not update: the whole lists.
        Assert.Equal("sealed_login session used_name", await ListAsync(database, "has_table_privilege('portal_app', c.oid, 'DELETE')"));
        Assert.Equal("", await ListAsync(database, "has_table_privilege('portal_app', c.oid, 'TRUNCATE')"));
        Assert.Equal("", await ListAsync(database, "pg_get_userbyid(c.relowner) <> 'portal_owner'"));
        Assert.Equal(
            "__ef_migrations_history decision event key_ring sealed_login", await ListAsync(database, "not has_table_privilege('portal_app', c.oid, 'UPDATE')"));
        Assert.Equal("__ef_migrations_history event", await ListAsync(database, "not has_table_privilege('portal_app', c.oid, 'INSERT')"));
    }

    [Fact]
    public async Task Triggers_of_the_trail_fire_always()
    {
        await using var database = await postgres.CreateAsync();

        Assert.Equal("refuse_change refuse_truncate stamp", await database.ValueAsync<string>(
            "select string_agg(tgname, ' ' order by tgname) from pg_trigger where tgrelid = 'audit.event'::regclass and tgenabled = 'A'"));
    }

    static Task<string> ListAsync(TestDatabase database, string where) => database.ValueAsync<string>(
        $"""
        select coalesce(string_agg(c.relname, ' ' order by c.relname), '') from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('portal', 'audit') and c.relkind in ('r', 'p') and {where}
        """);

    sealed class OneMoreColumn(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
    {
        public override void Customize(ModelBuilder modelBuilder, DbContext context)
        {
            base.Customize(modelBuilder, context);
            modelBuilder.Entity<Request>().Property<string>("Forgotten");
        }
    }
}
