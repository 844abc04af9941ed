using Npgsql;
using Portal.Tests.Support;

namespace Portal.Tests.Audit;

/// <summary>What happened stays as it was written: hostile SQL, as each role that there is.</summary>
public sealed class TrailGuardTests(PostgresFixture postgres) : IAsyncLifetime
{
    const string Columns = "id, kind, actor_id, actor_name, request_id, seq, node, raw, doc";
    const string Values = "gen_random_uuid(), 'login.signed_in', 'x', 'X', null, null, 'n', '\\x7b7d', '{}'";
    const string Insert = $"insert into audit.event ({Columns}) values ({Values})";

    TestDatabase database = null!;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.CreateAsync();
        await database.AppAsync(Insert);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    /// <summary>Statements that the portal's role must not be able to run.</summary>
    public static TheoryData<string> Refused { get; } =
    [
        "update audit.event set kind = 'x'",
        "update audit.event set doc = '{}'",
        "update audit.event set at = at - interval '1 day'",
        "delete from audit.event",
        "truncate audit.event",
        "truncate audit.event cascade",
        $"insert into audit.event ({Columns}, at) values ({Values}, '2001-01-01')",
        $"insert into audit.event ({Columns}, xid) values ({Values}, '1')",
        $"insert into audit.event ({Columns}, db_user) values ({Values}, 'postgres')",
        "insert into audit.event (id, kind, at) select id, kind, at from audit.event",
        $"{Insert} on conflict (id) do update set kind = 'x'",
        "merge into audit.event e using (select 1) s on true when matched then delete",
        "copy audit.event from program 'true'",
        "copy audit.event to program 'true'",
        "copy audit.event to '/event'",
        "alter table audit.event disable trigger refuse_change",
        "alter table audit.event disable trigger all",
        "alter table audit.event add column x text",
        "alter table audit.event rename to gone",
        "alter table audit.event owner to portal_app",
        "alter table audit.event set schema portal",
        "alter table audit.event alter column kind type varchar(1)",
        "drop table audit.event",
        "drop schema audit cascade",
        "drop trigger refuse_change on audit.event",
        "drop function audit.refuse_change() cascade",
        "create or replace function audit.refuse_change() returns trigger language plpgsql as 'begin return old; end'",
        "create function audit.mine() returns int language sql as 'select 1'",
        "create function portal.mine() returns int language sql as 'select 1'",
        "create function public.mine() returns int language sql as 'select 1'",
        "create trigger mine before insert on audit.event for each row execute function audit.stamp()",
        "create rule mine as on insert to audit.event do instead nothing",
        "create policy mine on audit.event using (false)",
        "create view portal.event as select 1",
        "create table audit.mine (a int)",
        "create table portal.mine (a int)",
        "create table public.mine (a int)",
        "create temp table event (a int)",
        "create schema mine",
        "create index mine on audit.event (kind)",
        "reindex table audit.event",
        "comment on table audit.event is 'x'",
        "do $$ begin lock table audit.event in share mode; end $$",
        "do $$ begin lock table audit.event in exclusive mode; end $$",
        "do $$ begin lock table audit.event in access exclusive mode; end $$",
        "set role portal_owner",
        "set role postgres",
        "set session authorization postgres",
        "set session_replication_role = replica",
        "alter role portal_app superuser",
        "alter role portal_app set session_replication_role = replica",
        "alter role portal_owner password 'x'",
        "create role mine",
        "grant portal_owner to portal_app",
        "create extension dblink",
        "select pg_read_file('/etc/passwd')",
        "select lo_import('/etc/passwd')",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres' and pid <> pg_backend_pid() limit 1",
        "alter system set fsync = off",
        "delete from portal.request",
        "delete from portal.request_item",
        "delete from portal.attempt",
        "delete from portal.decision",
        "delete from portal.key_ring",
        "truncate portal.attempt",
        "update portal.decision set verdict = 'Approved'",
        "update portal.key_ring set xml = ''",
        "insert into portal.__ef_migrations_history values ('x', 'x')",
        "update portal.__ef_migrations_history set \"ProductVersion\" = 'x'",
        "delete from portal.__ef_migrations_history",
        "select setval('portal.request_number_seq', 1)",
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task App_role_cannot(string statement)
    {
        // pg_terminate_backend and the like need somebody to be refused about.
        await using var server = await database.Superuser.OpenConnectionAsync(TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.AppAsync(statement));

        Assert.Contains(refused.SqlState, (string[])[PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.InvalidParameterValue]);
        Assert.Equal(1, await database.ValueAsync<long>("select count(*) from audit.event where kind = 'login.signed_in' and doc = '{}'"));
    }

    [Fact]
    public async Task App_role_adds_and_reads_and_the_database_says_when_and_who()
    {
        await using var count = database.App.CreateCommand("select count(*) from audit.event");
        await database.AppAsync(Insert);

        Assert.Equal(2L, await count.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, await database.ValueAsync<long>(
            "select count(*) from audit.event where db_user = 'portal_app' and at between clock_timestamp() - interval '10 minutes' and clock_timestamp()"));
    }

    [Fact]
    public async Task Owner_cannot_choose_when_or_who_either()
    {
        await database.OwnerAsync($"insert into audit.event ({Columns}, at, db_user, xid) values ({Values}, '2001-01-01', 'postgres', '1')");

        Assert.Equal(0, await database.ValueAsync<long>("select count(*) from audit.event where at < '2002-01-01' or db_user = 'postgres' or xid::text = '1'"));
    }

    [Theory]
    [InlineData("update audit.event set kind = 'x'")]
    [InlineData("delete from audit.event")]
    [InlineData("truncate audit.event")]
    [InlineData("truncate audit.event cascade")]
    [InlineData("insert into audit.event (id, kind, actor_id, actor_name, node, raw, doc) select id, 'x', 'x', 'x', 'x', '', '{}' from audit.event on conflict (id) do update set kind = 'x'")]
    public async Task Owner_and_superuser_are_refused_by_triggers_also_in_replication_mode(string statement)
    {
        await AssertRefusedAsync(database.Owner, statement);
        await AssertRefusedAsync(database.Superuser, statement);
        await AssertRefusedAsync(database.Superuser, $"set session_replication_role = replica; {statement}");

        Assert.Equal(1, await database.ValueAsync<long>("select count(*) from audit.event where kind = 'login.signed_in'"));
    }

    static async Task AssertRefusedAsync(NpgsqlDataSource source, string sql)
    {
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
    }
}
