using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Database;
using Portal.Migrations;

// Applies what is pending as the owner of the schema, which the portal itself never is: an append-only trail depends on that.
// Exit codes: 0 done or nothing to do, 1 pending (--check), 2 failed.
var connection = Environment.GetEnvironmentVariable("ConnectionStrings__Owner");
if (string.IsNullOrWhiteSpace(connection))
{
    Console.Error.WriteLine("ConnectionStrings__Owner is empty. Set it to the database, as a role that may create schemas and roles.");
    return 2;
}

try
{
    await using var source = NpgsqlDataSource.Create(connection);
    var options = new DbContextOptionsBuilder<PortalDb>();
    DatabaseFeature.Configure(options, source);
    await using var db = new PortalDb(options.Options);

    var pending = (await db.Database.GetPendingMigrationsAsync()).ToList();
    if (args.Contains("--check"))
    {
        pending.ForEach(name => Console.WriteLine($"pending: {name}"));
        return pending.Count == 0 ? 0 : 1;
    }

    await db.Database.MigrateAsync();
    pending.ForEach(name => Console.WriteLine($"applied: {name}"));
    await AppRole.GrantAsync(source);
    Console.WriteLine(pending.Count == 0 ? "The database is up to date." : $"{pending.Count} migration(s) applied.");
    return 0;
}
catch (Exception failure) when (failure is NpgsqlException or DbUpdateException or InvalidOperationException)
{
    Console.Error.WriteLine($"The database could not be migrated: {failure.Message}");
    return 2;
}
