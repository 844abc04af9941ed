using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Database;

namespace Portal.Tests.Support;

/// <summary>A database of its own for the tests of one class, seen through the three roles that matter.</summary>
public sealed class TestDatabase(string name, string appConnection, string ownerConnection, string serverConnection, NpgsqlDataSource server)
    : IAsyncDisposable, IDbContextFactory<PortalDb>
{
    readonly NpgsqlDataSource app = NpgsqlDataSource.Create(appConnection);
    readonly NpgsqlDataSource owner = NpgsqlDataSource.Create(ownerConnection);
    readonly NpgsqlDataSource superuser = NpgsqlDataSource.Create(serverConnection);

    /// <summary>As <c>portal_app</c>, the role of the portal.</summary>
    public string AppConnection => appConnection;

    /// <summary>As <c>portal_owner</c>, the role of the migrations.</summary>
    public string OwnerConnection => ownerConnection;

    /// <summary>As <c>portal_app</c>.</summary>
    public NpgsqlDataSource App => app;

    /// <summary>As <c>portal_owner</c>.</summary>
    public NpgsqlDataSource Owner => owner;

    /// <summary>As the role of <see cref="PostgresFixture.Variable"/>: to look at the server itself.</summary>
    public NpgsqlDataSource Superuser => superuser;

    /// <summary>A context as <c>portal_app</c>, so that a missing right shows in every test.</summary>
    public PortalDb CreateDbContext()
    {
        var options = new DbContextOptionsBuilder<PortalDb>();
        DatabaseFeature.Configure(options, app);
        return new PortalDb(options.Options);
    }

    /// <summary>Runs SQL as the portal.</summary>
    public Task AppAsync(string sql, params object?[] arguments) => ExecuteAsync(app, sql, arguments);

    /// <summary>Runs SQL as the owner of the schema.</summary>
    public Task OwnerAsync(string sql, params object?[] arguments) => ExecuteAsync(owner, sql, arguments);

    /// <summary>Runs SQL that the triggers would refuse: how a test lets the time of an approval pass.</summary>
    public async Task UnguardedAsync(string sql, params object?[] arguments)
    {
        await using var connection = await superuser.OpenConnectionAsync();
        await using (var unguarded = new NpgsqlCommand("set session_replication_role = replica", connection))
        {
            await unguarded.ExecuteNonQueryAsync();
        }

        await using var command = new NpgsqlCommand(sql, connection);
        Add(command, arguments);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The single value that SQL gives, read as the owner of the schema.</summary>
    public async Task<T> ValueAsync<T>(string sql, params object?[] arguments)
    {
        await using var command = owner.CreateCommand(sql);
        Add(command, arguments);
        return (T)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"No row: {sql}"));
    }

    /// <summary>Every value of every row of both schemas as text, one row a string: where a secret must not be found.</summary>
    public async Task<IReadOnlyList<string>> EverythingAsync()
    {
        List<string> tables = [];
        await using (var list = owner.CreateCommand(
            "select format('%I.%I', table_schema, table_name) from information_schema.tables where table_schema in ('portal', 'audit') order by 1"))
        await using (var reader = await list.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        List<string> rows = [];
        foreach (var table in tables)
        {
            await using var command = owner.CreateCommand($"select t::text from {table} t");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                rows.Add($"{table}: {reader.GetString(0)}");
            }
        }

        return rows;
    }

    static async Task ExecuteAsync(NpgsqlDataSource source, string sql, object?[] arguments)
    {
        await using var command = source.CreateCommand(sql);
        Add(command, arguments);
        await command.ExecuteNonQueryAsync();
    }

    static void Add(NpgsqlCommand command, object?[] arguments)
    {
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = argument ?? DBNull.Value });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await owner.DisposeAsync();
        await superuser.DisposeAsync();
        await using var drop = server.CreateCommand($"drop database if exists {name} with (force)");
        await drop.ExecuteNonQueryAsync();
    }
}
