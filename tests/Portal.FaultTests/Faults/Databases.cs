using Npgsql;
using Portal.FaultTests.Support;

namespace Portal.FaultTests.Faults;

/// <summary>The database is away, full, or says no.</summary>
static class Databases
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("F15", "PostgreSQL stopped the hard way", Ground.OwnServer, CrashAsync),
        new("F17", "no free connection in the pool", Ground.Own, ExhaustAsync),
        new("F18", "the connections of the claim holder ended", Ground.Own, TerminateAsync),
        new("F19", "deadlocks and serialization failures", Ground.Own, DisturbAsync),
    ];

    static async Task CrashAsync(Trial trial)
    {
        var cluster = await trial.Stage.ClusterAsync();
        await trial.TakeOverAsync();
        var wishes = await trial.SubmitAsync(images: 6, mirrors: 2);
        // Some answers come while there is nobody to write them down to.
        var held = trial.Script(wishes.Where((_, place) => place % 4 == 1 || trial.Chance.Next(3) == 0), WireFault.HoldAnswer);
        await trial.ApproveAsync(wishes);
        await held[^1].Met;
        await trial.WaitAsync(TimeSpan.FromSeconds(0.3));
        await cluster.CrashAsync();
        foreach (var script in held)
        {
            script.Release();
        }

        await trial.WaitAsync(TimeSpan.FromSeconds(1));
        await cluster.StartAgainAsync();
    }

    static async Task ExhaustAsync(Trial trial)
    {
        var tight = new NpgsqlConnectionStringBuilder(trial.Place.Database.AppConnection) { MaxPoolSize = 2, Timeout = 1 };
        await trial.ApproveAsync(images: 20, mirrors: 4);
        await trial.Place.WorkAsync(("ConnectionStrings__Portal", tight.ToString()));
    }

    static async Task TerminateAsync(Trial trial)
    {
        var name = $"holder-{trial.Chance.Next()}";
        await trial.Place.WorkAsync(
            ("ConnectionStrings__Portal", new NpgsqlConnectionStringBuilder(trial.Place.Database.AppConnection) { ApplicationName = name }.ToString()));
        var approving = trial.ApproveAsync(images: 12, mirrors: 3);
        var ended = 0L;
        for (var round = 0; round < 20 || !approving.IsCompleted; round++)
        {
            await using var command = trial.Place.Database.Superuser.CreateCommand(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = $1 and (state <> 'idle' or random() < 0.3)");
            command.Parameters.Add(new NpgsqlParameter { Value = name });
            ended += (long)(await command.ExecuteScalarAsync())!;
            await trial.WaitAsync(TimeSpan.FromSeconds(0.1));
        }

        await approving;
        trial.Check(ended > 0, "no connection was ended");
    }

    // Errors as the server would give them, by chance, at each of the places where the dispatcher writes, one of them the commit itself.
    static async Task DisturbAsync(Trial trial)
    {
        await trial.Place.Database.OwnerAsync(
            """
            create sequence portal.disturbed;
            create function portal.disturb() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
            begin
              if random() < 0.1 then
                perform nextval('portal.disturbed');
                if random() < 0.5 then
                  raise exception 'deadlock detected' using errcode = '40P01';
                end if;
                raise exception 'could not serialize access' using errcode = '40001';
              end if;
              return null;
            end $$;
            create trigger disturb after insert or update on portal.attempt for each row execute function portal.disturb();
            create constraint trigger disturb after update on portal.request_item deferrable initially deferred
              for each row when (new.state is distinct from old.state and old.state <> 'NotSent') execute function portal.disturb();
            """);
        await trial.ApproveAsync(images: 12, mirrors: 3);
        await trial.Place.WorkAsync();
        await DeadlockAsync(trial);
        await trial.WhenAllAsync("every item was sent", "i.sends > 0 or i.state = 'Parked'");
        var disturbed = await trial.Place.CountAsync("select last_value from portal.disturbed");
        trial.Check(disturbed > 0, "nothing was disturbed");
        // One table at a time: with both locked it would be in a deadlock itself.
        await trial.Place.Database.OwnerAsync("drop trigger disturb on portal.attempt");
        await trial.Place.Database.OwnerAsync("drop trigger disturb on portal.request_item");
    }

    // Locks the other way round than the dispatcher does: request first, then its item. One of the two is ended by the server.
    static async Task DeadlockAsync(Trial trial)
    {
        foreach (var request in trial.Ids)
        {
            await using var connection = await trial.Place.Database.Superuser.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var sql in (string[])[
                "set local deadlock_timeout = '5s'", "select 1 from portal.request where id = $1 for update", "select pg_sleep(0.05)",
                "select 1 from portal.request_item where request_id = $1 for update"])
            {
                await using var command = new NpgsqlCommand(sql, connection, transaction);
                if (sql.Contains("$1", StringComparison.Ordinal))
                {
                    command.Parameters.Add(new NpgsqlParameter { Value = request });
                }

                try
                {
                    await command.ExecuteNonQueryAsync();
                }
                catch (PostgresException lost) when (lost.SqlState == PostgresErrorCodes.DeadlockDetected)
                {
                    break;
                }
            }
        }
    }
}
