using Npgsql;

namespace Portal.Migrations;

/// <summary>What the portal's own role may do. Applied after every migration, so that a new table is never forgotten.</summary>
public static class AppRole
{
    /// <summary>Grants the rights in <c>sql/app-role.sql</c> and sets the password from PORTAL_APP_PASSWORD where one is given.</summary>
    public static async Task GrantAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using (var grant = new NpgsqlCommand(Script.Read("app-role.sql"), connection))
        {
            await grant.ExecuteNonQueryAsync();
        }

        if (Environment.GetEnvironmentVariable("PORTAL_APP_PASSWORD") is { Length: > 0 } password)
        {
            // ALTER ROLE takes no parameters; format(%L) quotes the literal.
            await using var quote = new NpgsqlCommand("select format('alter role portal_app password %L', $1)", connection)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = password } },
            };
            await using var alter = new NpgsqlCommand((string)(await quote.ExecuteScalarAsync())!, connection);
            await alter.ExecuteNonQueryAsync();
        }
    }
}
