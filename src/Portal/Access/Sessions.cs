using Npgsql;

namespace Portal.Access;

/// <summary>
/// Remembers which sign-ins were ended, for as long as their cookies could live: a sign-out then ends every tab of the browser, on every
/// node, and a copied cookie is worth nothing afterwards.
/// </summary>
public sealed class Sessions(NpgsqlDataSource database)
{
    /// <summary>Longest life of a sign-in.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    /// <summary>Remembers who signed in and with which roles: the roles of then are what counts until the next sign-in.</summary>
    public async Task BeginAsync(Actor actor, CancellationToken token)
    {
        await using var command = database.CreateCommand(
            """
            insert into portal.person (id, name, roles) values ($1, $2, $3)
            on conflict (id) do update set name = excluded.name, roles = excluded.roles, seen_at = clock_timestamp()
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = actor.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = actor.Name });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. actor.Roles.Select(role => role.ToString())] });
        await command.ExecuteNonQueryAsync(token);
    }

    /// <summary>Ends one sign-in, and forgets those whose cookies are void by their age.</summary>
    public async Task EndAsync(Guid session, CancellationToken token)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into portal.ended_session (id) values ($1) on conflict do nothing")
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = session } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from portal.ended_session where at < now() - $1")
        {
            Parameters = { new NpgsqlParameter<TimeSpan> { TypedValue = 2 * Longest } },
        });
        await batch.ExecuteNonQueryAsync(token);
    }

    /// <summary>True when the sign-in was ended.</summary>
    public async Task<bool> HasEndedAsync(Guid session, CancellationToken token)
    {
        await using var command = database.CreateCommand("select exists (select from portal.ended_session where id = $1)");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = session });
        return (bool)(await command.ExecuteScalarAsync(token))!;
    }
}

/// <summary>The sign-in behind an open page was ended elsewhere; the page is on its way to the sign-in page. Cancels what was begun.</summary>
public sealed class SessionEndedException : OperationCanceledException;
