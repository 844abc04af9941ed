using Npgsql;

namespace Portal.Access;

/// <summary>Tells people without a role whom to ask for one. Anybody may know these names.</summary>
public sealed class RoleGivers(NpgsqlDataSource database)
{
    const int MostNamed = 5;

    /// <summary>Names of people who give roles, at most five, in order.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken token)
    {
        await using var command = database.CreateCommand(
            "select name from portal.person where disabled_at is null and (roles || granted) && $1 order by name limit $2");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. Permissions.Holding(Permission.ManagePeople).Select(role => role.ToString())] });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostNamed });
        await using var reader = await command.ExecuteReaderAsync(token);
        var names = new List<string>();
        while (await reader.ReadAsync(token))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
