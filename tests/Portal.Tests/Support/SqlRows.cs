using Npgsql;

namespace Portal.Tests.Support;

/// <summary>What stands in a database, read by a test itself and not by the portal's code.</summary>
static class SqlRows
{
    /// <summary>Every row that SQL gives, each as an array of its values; null for NULL.</summary>
    public static async Task<IReadOnlyList<object?[]>> RowsAsync(this NpgsqlDataSource database, string sql, params object[] arguments)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = argument });
        }

        List<object?[]> rows = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? null : reader.GetValue(column))]);
        }

        return rows;
    }
}
