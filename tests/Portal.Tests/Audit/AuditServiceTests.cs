using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Tests.Support;

namespace Portal.Tests.Audit;

public sealed class AuditServiceTests(PostgresFixture postgres) : IAsyncLifetime
{
    TestDatabase database = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => database = await postgres.CreateAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Theory]
    [InlineData("100%_off")]
    [InlineData("%")]
    [InlineData("f_ o")]
    [InlineData("C:\\temp\\x")]
    [InlineData("say \"yes\"")]
    [InlineData("订单")]
    [InlineData("单")]
    [InlineData("同步 订单镜像")]
    [InlineData("ORDER-api")]
    [InlineData("👩‍💻")]
    [InlineData("Dana")]
    [InlineData("10.0.0.1")]
    public async Task Page_text_is_literal_and_finds_any_part_of_any_fact(string text)
    {
        var wanted = await database.AddAsync(AuditKind.RequestSubmitted, new()
        {
            ["reason"] = "100%_off f_ o C:\\temp\\x say \"yes\" backend/order-api 👩‍💻",
            ["payload"] = new JsonObject { ["deep"] = new JsonArray("为华东区域同步订单镜像") },
        });
        await database.AddAsync(AuditKind.SignedIn, new() { ["persona"] = "100xxoff f-o C:tempx say yes" },
            new Actor("other", "Somebody Else", [Role.Operator], "10.9.9.9"));

        Assert.Equal([wanted], await database.FoundAsync(new AuditFilter { Text = text }));
    }

    [Fact]
    public async Task Page_text_that_no_row_can_have_matches_nothing_and_says_so()
    {
        await database.AddAsync(AuditKind.SignedIn, []);
        foreach (var text in new[] { "\0", "a\uDC00", "\uD83D b", new string('x', 1_000_000) })
        {
            var page = (await database.Service().PageAsync(new AuditFilter { Text = text }, GivenEvents.Auditor, Token)).Value;

            Assert.Empty(page.Rows);
            Assert.Equal(nameof(AuditFilter.Text), Assert.Single(page.Problems).Field);
        }
    }

    [Fact]
    public async Task Page_text_is_looked_for_in_the_expression_that_is_indexed()
    {
        await using var db = database.CreateDbContext();
        var (criteria, _) = AuditCriteria.Read(new AuditFilter { Text = "order-api" });

        Assert.Contains("audit.search_text(e.doc) ILIKE", criteria!.Of(db).ToQueryString(), StringComparison.Ordinal);
        Assert.Contains("audit.search_text(doc) gin_trgm_ops", await database.ValueAsync<string>("select indexdef from pg_indexes where indexname = 'event_text'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_text_does_not_find_rows_by_the_names_of_their_facts()
    {
        await database.AddAsync(AuditKind.DispatchAccepted, new() { ["errorCode"] = null, ["host"] = "swr.example" });

        Assert.Empty(await database.FoundAsync(new AuditFilter { Text = "error" }));
        Assert.Single(await database.FoundAsync(new AuditFilter { Text = "swr" }));
    }

    [Fact]
    public async Task Page_by_status_class_code_jid_event_and_person_finds_those_only()
    {
        var request = Guid.CreateVersion7();
        var accepted = await database.AddAsync(AuditKind.DispatchAccepted, new() { ["httpStatus"] = 200, ["jid"] = "a1b2c3" }, Actor.System, request, 1);
        var missing = await database.AddAsync(AuditKind.DispatchRefused, new() { ["httpStatus"] = 404, ["errorCode"] = "CH.004404" }, Actor.System, request, 2);
        var busy = await database.AddAsync(AuditKind.DispatchThrottled, new() { ["httpStatus"] = 429 }, Actor.System, request, 3);
        var login = await database.AddAsync(AuditKind.SignedIn, []);

        Assert.Equal([busy, missing], await database.FoundAsync(new AuditFilter { Status = "4xx" }));
        Assert.Equal([missing], await database.FoundAsync(new AuditFilter { Status = " 404 " }));
        Assert.Equal([accepted], await database.FoundAsync(new AuditFilter { Jid = " a1b2c3 " }));
        Assert.Empty(await database.FoundAsync(new AuditFilter { Jid = "a1b2" }));
        Assert.Equal([accepted], await database.FoundAsync(new AuditFilter { Text = "1b2c" }));
        Assert.Equal([busy, missing, accepted], await database.FoundAsync(new AuditFilter { Event = "dispatch.*" }));
        Assert.Equal([login, accepted], await database.FoundAsync(new AuditFilter { Event = "login.signed_in, dispatch.accepted" }));
        Assert.Equal([login], await database.FoundAsync(new AuditFilter { Person = "dana dev" }));
        Assert.Equal([login], await database.FoundAsync(new AuditFilter { Person = "test:developer" }));
        Assert.Empty(await database.FoundAsync(new AuditFilter { Person = "D_na" }));
        Assert.Equal([missing], await database.FoundAsync(new AuditFilter { Status = "4xx", Event = "dispatch.refused", Text = "004404" }));
    }

    [Fact]
    public async Task Page_days_include_both_ends_and_nothing_beside()
    {
        // The owner alone can set a row's time, and only with the trigger out of the way.
        await database.OwnerAsync("alter table audit.event disable trigger stamp");
        foreach (var at in new[] { "2026-02-28T23:59:59.999999Z", "2026-03-01T00:00:00Z", "2026-03-02T23:59:59.999999Z", "2026-03-03T00:00:00Z" })
        {
            await database.OwnerAsync(
                "insert into audit.event (id, at, kind, actor_id, actor_name, node, raw, doc) values (gen_random_uuid(), $1::text::timestamptz, 'login.signed_in', 'a', 'A', 'n', '', '{}')", at);
        }

        async Task<string[]> DaysAsync(AuditFilter filter) =>
            [.. (await database.Service().PageAsync(filter, GivenEvents.Auditor, Token)).Value.Rows.Select(row => AuditDocument.Exact(row.At))];

        Assert.Equal(["2026-03-02T23:59:59.999999Z", "2026-03-01T00:00:00.000000Z"], await DaysAsync(new AuditFilter { From = "2026-03-01", To = "2026-03-02" }));
        Assert.Equal(3, (await DaysAsync(new AuditFilter { To = "2026-03-02" })).Length);
        Assert.Equal(["2026-03-03T00:00:00.000000Z"], await DaysAsync(new AuditFilter { From = "2026-03-03" }));
    }

    [Fact]
    public async Task Page_turning_while_rows_are_added_shows_each_row_once()
    {
        await database.AddManyAsync((2 * AuditService.PageSize) + 7, "old");
        var service = database.Service();
        var seen = new List<Guid>();
        var filter = new AuditFilter();
        AuditPlace? newest = null;
        for (var page = 1; page <= 3; page++)
        {
            var rows = (await service.PageAsync(filter with { Page = page, UpTo = newest?.Id }, GivenEvents.Auditor, Token)).Value;
            Assert.Equal((2 * AuditService.PageSize) + 7, rows.Total);
            seen.AddRange(rows.Rows.Select(row => row.Id));
            newest ??= rows.Newest;
            Assert.Equal(newest, rows.Newest);
            await database.AddManyAsync(13, $"new{page}-");
        }

        Assert.Equal(await database.ValueAsync<Guid[]>("select array_agg(id order by at desc, id desc) from audit.event where doc::text like '%\"old%'"), seen);
        Assert.Equal(39, (await service.CountNewerAsync(filter, newest, GivenEvents.Auditor, Token)).Value);
        Assert.Equal(13, (await service.CountNewerAsync(new AuditFilter { Text = "new2-" }, newest, GivenEvents.Auditor, Token)).Value);
    }

    [Fact]
    public async Task Page_beyond_the_end_is_empty_and_keeps_the_count()
    {
        await database.AddManyAsync(3, "x");

        var rows = (await database.Service().PageAsync(new AuditFilter { Page = int.MaxValue, UpTo = Guid.Empty }, GivenEvents.Auditor, Token)).Value;

        Assert.Empty(rows.Rows);
        Assert.Equal(3, rows.Total);
    }

    [Theory]
    [InlineData(Role.Requester, false)]
    [InlineData(Role.Approver, false)]
    [InlineData(Role.Operator, false)]
    [InlineData(Role.Auditor, true)]
    [InlineData(Role.Administrator, true)]
    public async Task Reading_is_for_auditors_and_administrators_and_each_refusal_is_recorded(Role role, bool allowed)
    {
        var actor = new Actor("test:somebody", "Some Body", [role]);
        var id = await database.AddAsync(AuditKind.SignedIn, []);
        var service = database.Service();

        Assert.Equal(allowed, (await service.PageAsync(new AuditFilter(), actor, Token)).IsDone);
        Assert.Equal(allowed, (await service.EventAsync(id, actor, Token)).IsDone);
        Assert.Equal(allowed, (await service.CountNewerAsync(new AuditFilter(), null, actor, Token)).IsDone);
        var export = await service.ExportAsync(new AuditFilter(), ExportFormat.Csv, actor, Token);
        Assert.Equal(allowed, export.IsDone);
        if (allowed)
        {
            await export.Value.DisposeAsync();
        }
        else
        {
            Assert.Equal(new NotAllowed(Permission.ReadAudit), export.Refusal);
        }

        Assert.Equal(allowed ? 0 : 4, await database.ValueAsync<long>("select count(*) from audit.event where kind = 'access.denied' and actor_id = 'test:somebody'"));
        Assert.Equal(allowed ? 1 : 0, await database.ValueAsync<long>("select count(*) from audit.event where kind = 'export.created'"));
    }

    [Fact]
    public async Task Event_that_is_not_there_is_refused_by_name() =>
        Assert.IsType<AuditEventNotFound>((await database.Service().EventAsync(Guid.CreateVersion7(), GivenEvents.Auditor, Token)).Refusal);
}
