using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;
using Portal.Audit;
using Portal.Health;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Database;

/// <summary>A dump that is restored into a new database is a portal: its trail can be read and not changed, and nothing of it is sent before somebody says so.</summary>
public sealed partial class RestoreTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    readonly PostgresFixture postgres = postgres;

    [Fact]
    public async Task Restored_database_serves_a_portal_that_waits_to_be_resumed()
    {
        var done = await Given.ApprovedAsync(Node, Given.Rule());
        await Node.WorkAsync();
        var approved = await Given.ApprovedAsync(Node, Given.Mirror());
        var dump = Path.GetTempFileName();
        await using var restored = await postgres.CreateEmptyAsync();
        try
        {
            await RunAsync("pg_dump", Database.Superuser, "--format=custom", "--file", dump);
            // What restored calls would do again must not begin by itself: docs/operating.md has this statement.
            await RunAsync("pg_restore", restored.Superuser, "--exit-on-error", "--dbname", Name(restored), dump);
        }
        finally
        {
            File.Delete(dump);
        }

        var (exitCode, output) = await postgres.MigrateAsync(restored.OwnerConnection);
        Assert.True(exitCode == 0, output);
        await restored.OwnerAsync(PauseStatement());
        await using var node = PortalHost.On(restored, Cloud);

        Assert.True(await node.Get<HealthService>().IsReadyAsync(Token));
        Assert.Equal(await Node.AuditOf(done), await node.AuditOf(done));
        var page = (await node.Get<AuditService>().PageAsync(new AuditFilter { Event = "approval.granted" }, Given.Auditor, Token)).Value;
        Assert.Equal(2, page.Total);
        await Assert.ThrowsAsync<PostgresException>(() => restored.OwnerAsync("delete from audit.event"));
        Assert.False(await node.Dispatcher.DispatchNextAsync(Token));
        Assert.True((await node.Lanes.ResumeAsync(Portal.Dispatch.Lane.Every, Given.Operator, Token)).IsDone);
        await node.WorkAsync();
        Assert.Equal(RequestState.Succeeded, (await node.RequestAsync(approved.Id)).State);
    }

    static string PauseStatement() => Statement().Match(File.ReadAllText(Path.Combine(Repository.Root, "docs", "operating.md"))).Groups[1].Value;

    static string Name(TestDatabase database) => new NpgsqlConnectionStringBuilder(database.Superuser.ConnectionString).Database!;

    static async Task RunAsync(string program, NpgsqlDataSource source, params string[] arguments)
    {
        var server = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        var folder = Environment.GetEnvironmentVariable("PORTAL_TEST_POSTGRES_PROGRAMS") is { Length: > 0 } given
            ? given
            : Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Order(StringComparer.Ordinal).Last();
        var start = new ProcessStartInfo(Path.Combine(folder, program), arguments) { RedirectStandardError = true };
        (start.Environment["PGHOST"], start.Environment["PGPORT"]) = (server.Host, server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (start.Environment["PGUSER"], start.Environment["PGDATABASE"], start.Environment["PGPASSWORD"]) = (server.Username, server.Database, server.Password);
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {errors}");
    }

    [GeneratedRegex(@"```sql\n(insert into portal\.lane.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Statement();
}
