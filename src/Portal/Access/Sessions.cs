using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Portal.Access;

/// <summary>
/// Asks on whose behalf an open page or a request acts now. A sign-in is a row: ending it ends every tab of the browser, on every node, and a
/// copied cookie is worth nothing afterwards. Roles are those of this moment, not those of the sign-in.
/// </summary>
public sealed class Sessions(NpgsqlDataSource database, IOptions<SessionLimits> options, TrustedIssuers issuers)
{
    /// <summary>
    /// Who acts under a sign-in; null when it was ended, is too old, was idle for too long, belongs to somebody who was shut out, or
    /// was vouched for by somebody who no longer does. The database's clock decides.
    /// </summary>
    /// <param name="session">The sign-in's id. It stands in lists and in the trail, so alone it opens nothing from outside.</param>
    /// <param name="address">Network address of the browser, to be noted with what the person does.</param>
    /// <param name="keyHash">SHA-256 of the key that the cookie brought; null inside an open page, which began with a cookie.</param>
    /// <param name="token">Ends the wait for the database.</param>
    public async Task<Actor?> ActorAsync(Guid session, string? address, byte[]? keyHash, CancellationToken token)
    {
        await using var command = database.CreateCommand(
            """
            select person.id, person.name, person.roles || person.granted
            from portal.session join portal.person on person.id = session.person_id
            where session.id = $1 and session.ended_at is null and session.ends_at > now() and session.seen_at > now() - $2
              and person.disabled_at is null and ($3::bytea is null or session.key_hash = $3)
              and case when session.issuer is null then $4 else rtrim(session.issuer, '/') = any($5) end
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = session });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.Idle });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)keyHash ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = issuers.Personas });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. issuers.Providers] });
        await using var reader = await command.ExecuteReaderAsync(token);
        return await reader.ReadAsync(token)
            ? new Actor(reader.GetString(0), reader.GetString(1), Actor.RolesNamed(await reader.GetFieldValueAsync<string[]>(2, token)), address, session)
            : null;
    }

    /// <summary>Notes that the person did something. Written once a minute at most; what ended stays ended.</summary>
    public async Task TouchAsync(Guid session, CancellationToken token)
    {
        await using var command = database.CreateCommand(
            """
            update portal.session set seen_at = now()
            where id = $1 and seen_at < now() - interval '1 minute' and seen_at > now() - $2 and ended_at is null and ends_at > now()
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = session });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.Idle });
        await command.ExecuteNonQueryAsync(token);
    }
}

/// <summary>The sign-in behind an open page was ended elsewhere; the page is on its way to the sign-in page. Cancels what was begun.</summary>
public sealed class SessionEndedException : OperationCanceledException;
