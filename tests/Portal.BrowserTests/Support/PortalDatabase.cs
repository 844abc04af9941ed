using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;
using Portal.Tests.Support;

namespace Portal.BrowserTests.Support;

/// <summary>A database of its own for one portal, made by the real migrations program.</summary>
public sealed class PortalDatabase : IAsyncDisposable
{
    const string Variable = "PORTAL_TEST_DATABASE";
    static readonly string Password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    static readonly ConcurrentDictionary<string, Task<string>> Templates = new();

    readonly NpgsqlDataSource server;
    readonly NpgsqlDataSource inside;
    readonly string name;

    PortalDatabase(NpgsqlDataSource server, string connection, string name)
    {
        (this.server, this.name) = (server, name);
        inside = NpgsqlDataSource.Create(ConnectionFor(connection, "portal_owner", name));
        AppConnection = ConnectionFor(connection, "portal_app", name);
    }

    /// <summary>As the role of the portal, which may not change what happened.</summary>
    public string AppConnection { get; }

    /// <summary>Its name on the server.</summary>
    public string Name => name;

    /// <summary>Makes it as a copy of one that the migrations made, on the server of all tests or on one of the test's own.</summary>
    public static async Task<PortalDatabase> CreateAsync(string? own = null)
    {
        var connection = own ?? Programs.Required(Variable);
        var server = NpgsqlDataSource.Create(connection);
        var template = await Templates.GetOrAdd(connection, _ => MigratedAsync(server, connection));
        var name = NewName();
        await ExecuteAsync(server, $"create database {name} owner portal_owner template {template}");
        return new PortalDatabase(server, connection, name);
    }

    // Migrating takes seconds, copying does not. It goes with the server, which is thrown away.
    static async Task<string> MigratedAsync(NpgsqlDataSource server, string connection)
    {
        var name = NewName();
        await ExecuteAsync(server, "do $$ begin create role portal_owner login createrole; exception when duplicate_object or unique_violation then null; end $$");
        await ExecuteAsync(server, $"alter role portal_owner password '{Password}'");
        await ExecuteAsync(server, $"create database {name} owner portal_owner");
        await MigrateAsync(ConnectionFor(connection, "portal_owner", name));
        return name;
    }

    static string NewName() => $"portal_browser_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";

    /// <summary>Every row that SQL gives, each as an array of its values; null for NULL.</summary>
    public Task<IReadOnlyList<object?[]>> RowsAsync(string sql, params object[] arguments) => inside.RowsAsync(sql, arguments);

    /// <summary>The single value that SQL gives.</summary>
    public async Task<T> ValueAsync<T>(string sql, params object[] arguments) => (T)Assert.Single(await RowsAsync(sql, arguments))[0]!;

    /// <summary>
    /// Ends the looking for a call without a clear answer, as its deadline would: from then on it waits for a person. Whoever looks at it
    /// at this moment finds that it is no longer theirs.
    /// </summary>
    public Task LeaveToPersonAsync(Guid request) => RowsAsync(
        """
        update portal.request_item set due_at = null, lease_until = null, fence = fence + 1, proved = 'Unknown', note = 'Note.NotBegun.AskPerson'
        where request_id = $1 and state = 'Unknown' returning 1
        """,
        request);

    static async Task MigrateAsync(string owner)
    {
        var settings = new Dictionary<string, string> { ["ConnectionStrings__Owner"] = owner, ["PORTAL_APP_PASSWORD"] = Password };
        using var process = Process.Start(Programs.StartOf(Programs.Migrations, settings))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The migrations ended with {process.ExitCode}: {await output}{await errors}");
        }
    }

    static string ConnectionFor(string connection, string role, string database) =>
        new NpgsqlConnectionStringBuilder(connection) { Database = database, Username = role, Password = Password }.ToString();

    static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await inside.DisposeAsync();
        await ExecuteAsync(server, $"drop database if exists {name} with (force)");
        await server.DisposeAsync();
    }
}
