using System.Reflection;
using Npgsql;

namespace Portal.Health;

/// <summary>The database: does it answer, has it every migration that this build knows, and does the trail take rows from this role?</summary>
public sealed class DatabasePart(NpgsqlDataSource database) : IHealthPart
{
    const int Seconds = 5;

    const string Key = "Migration:";

    /// <summary>The migrations that the code was built with. A database that has more of them serves nodes of an older build too.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        .. typeof(DatabasePart).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Where(data => data.Key.StartsWith(Key, StringComparison.Ordinal))
            .Select(data => data.Key[Key.Length..].Replace(".Designer", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    /// <inheritdoc />
    public bool IsNeeded => true;

    /// <inheritdoc />
    public async Task<IReadOnlyList<PartState>> LookAsync(CancellationToken token)
    {
        try
        {
            await AskAsync("select true", token);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            return [new("database", false, "Health.DatabaseAway")];
        }

        return [PartState.Well("database"), await SchemaAsync(token), await AuditAsync(token)];
    }

    async Task<PartState> SchemaAsync(CancellationToken token)
    {
        try
        {
            await using var command = database.CreateCommand("select \"MigrationId\" from portal.__ef_migrations_history");
            command.CommandTimeout = Seconds;
            await using var reader = await command.ExecuteReaderAsync(token);
            HashSet<string> applied = [];
            while (await reader.ReadAsync(token))
            {
                applied.Add(reader.GetString(0));
            }

            var missing = Migrations.Where(migration => !applied.Contains(migration)).ToList();
            return missing.Count == 0 ? PartState.Well("schema") : new("schema", false, "Health.SchemaBehind", string.Join(", ", missing));
        }
        catch (NpgsqlException)
        {
            return new("schema", false, "Health.SchemaBehind", string.Join(", ", Migrations));
        }
    }

    async Task<PartState> AuditAsync(CancellationToken token)
    {
        try
        {
            return await AskAsync("select has_column_privilege('audit.event', 'raw', 'insert') and has_schema_privilege('audit', 'usage')", token)
                ? PartState.Well("audit")
                : new("audit", false, "Health.AuditRefused");
        }
        catch (NpgsqlException)
        {
            return new("audit", false, "Health.AuditRefused");
        }
    }

    async Task<bool> AskAsync(string sql, CancellationToken token)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = Seconds;
        return await command.ExecuteScalarAsync(token) is true;
    }
}
