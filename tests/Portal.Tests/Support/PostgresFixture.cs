using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;
using Portal.Migrations;
using Portal.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Portal.Tests.Support;

/// <summary>
/// The database server of the tests. Migrates one database with the real migrations program and hands out copies of it.
/// A test class takes it as a constructor argument.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    /// <summary>Connection string of a role that may make roles and databases, on a cluster that nobody else needs.</summary>
    public const string Variable = "PORTAL_TEST_DATABASE";

    readonly string? given;
    readonly string password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    readonly string template = $"portal_template_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
    readonly Lock making = new();
    Task<NpgsqlDataSource>? server;
    int last;

    public PostgresFixture()
        : this(Environment.GetEnvironmentVariable(Variable))
    {
    }

    /// <summary>On another server than that of <see cref="Variable"/>.</summary>
    internal PostgresFixture(string? given) => this.given = given;

    /// <summary>A migrated database with nothing in it. Dispose it when the tests of the class are done.</summary>
    public async Task<TestDatabase> CreateAsync()
    {
        var server = await ServerAsync();
        var name = $"{template}_{Interlocked.Increment(ref last)}";
        await ExecuteAsync(server, $"create database {name} template {template} strategy file_copy owner portal_owner");
        var made = new TestDatabase(name, ConnectionFor("portal_app", name), ConnectionFor("portal_owner", name), ConnectionFor(null, name), server);
        // The rights on the database itself are not copied with it.
        await AppRole.GrantAsync(made.Owner);
        return made;
    }

    /// <summary>A database without any table, owned by <c>portal_owner</c>: for tests of the migrations themselves.</summary>
    public async Task<TestDatabase> CreateEmptyAsync()
    {
        var server = await ServerAsync();
        var name = $"{template}_{Interlocked.Increment(ref last)}";
        await ExecuteAsync(server, $"create database {name} owner portal_owner");
        return new TestDatabase(name, ConnectionFor("portal_app", name), ConnectionFor("portal_owner", name), ConnectionFor(null, name), server);
    }

    /// <summary>Runs the migrations program as the owner of the schema; gives its exit code and what it said.</summary>
    public async Task<(int ExitCode, string Output)> MigrateAsync(string ownerConnection, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Portal.Migrations.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ConnectionStrings__Owner"] = ownerConnection;
        start.Environment["PORTAL_APP_PASSWORD"] = password;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    Task<NpgsqlDataSource> ServerAsync()
    {
        if (string.IsNullOrWhiteSpace(given))
        {
            throw new InvalidOperationException(
                $"{Variable} is not set, so this test has no PostgreSQL to run against. Run ./test.sh, which makes a private cluster and sets it.");
        }

        lock (making)
        {
            return server ??= MakeTemplateAsync(given);
        }
    }

    async Task<NpgsqlDataSource> MakeTemplateAsync(string connection)
    {
        var made = NpgsqlDataSource.Create(connection);
        await ExecuteAsync(made, "do $$ begin create role portal_owner login createrole; exception when duplicate_object then null; end $$");
        await ExecuteAsync(made, $"alter role portal_owner password '{password}'");
        await ExecuteAsync(made, $"create database {template} owner portal_owner");
        var (exitCode, output) = await MigrateAsync(ConnectionFor("portal_owner", template));
        return exitCode == 0 ? made : throw new InvalidOperationException($"The migrations ended with {exitCode}: {output}");
    }

    string ConnectionFor(string? role, string database)
    {
        var connection = new NpgsqlConnectionStringBuilder(given) { Database = database, MaxPoolSize = 40 };
        if (role is not null)
        {
            (connection.Username, connection.Password) = (role, password);
        }

        return connection.ToString();
    }

    static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (server is { IsCompletedSuccessfully: true })
        {
            await using var source = await server;
            await ExecuteAsync(source, $"drop database if exists {template} with (force)");
        }
    }
}
