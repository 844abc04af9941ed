using System.Text.Json.Nodes;
using Npgsql;
using Portal.Access;
using Portal.Audit;
using Portal.Kinds;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Requests;

public sealed class SubmitTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task SubmitAsync_valid_wish_writes_request_item_and_audit_row_in_one_commit()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        var stored = await Node.RequestAsync(request.Id);
        Assert.Equal((RequestState.PendingApproval, Given.Developer.Id, Given.Reason), (stored.State, stored.RequesterId, stored.Reason));
        Assert.Equal(1001, stored.Number);
        var item = Assert.Single(stored.Items);
        Assert.Equal((ItemState.NotSent, null, Given.Rule().Target), (item.State, item.DueAt, item.Target));
        Assert.Equal(["request.submitted"], await Node.AuditOf(request));
        Assert.Equal(1, await Database.ValueAsync<long>(
            """
            select count(distinct x) from (
              select xmin::text x from portal.request union all select xmin::text from portal.request_item union all select xid::text from audit.event) t
            """));
    }

    [Fact]
    public async Task SubmitAsync_audit_row_tells_who_what_and_why_in_canonical_bytes()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        var row = Assert.Single(await Node.TrailAsync(request));
        var document = JsonNode.Parse(row.Raw)!.AsObject();
        Assert.Equal(CanonicalJson.Write(JsonNode.Parse(row.Doc)), row.Raw);
        Assert.Equal(Given.Developer.Id, (string?)document["actor"]!["id"]);
        Assert.Equal("127.0.0.1", (string?)document["actor"]!["address"]);
        Assert.Equal(Given.Reason, (string?)document["facts"]!["reason"]);
        Assert.Equal(request.PayloadHash, (string?)document["facts"]!["payloadHash"]);
        Assert.Equal(request.PayloadHash, Payload.HashOf(request.Kind, document["facts"]!["payload"]!.AsObject()));
        Assert.Equal(row.Id.ToString(), (string?)document["id"]);
    }

    public static TheoryData<string, string> BadFields { get; } = new()
    {
        { "organization", "Team" },
        { "repository", "a//b" },
        { "repository", "a\0" },
        { "repository", "😀" },
        { "targetRegion", "mars-1" },
        { "targetOrganization", new string('a', 65) },
        { "sourceRegion", "" },
        { "surprise", "x" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task SubmitAsync_invalid_field_leaves_no_row_and_makes_no_call(string field, string value)
    {
        var outcome = await SubmitAsync(Given.Rule().With(field, value), Given.Reason);

        var invalid = Assert.IsType<InputInvalid>(outcome.Refusal);
        Assert.Equal(field, Assert.Single(invalid.Problems).Field);
        await AssertNoTraceAsync();
        Assert.Empty(await Cloud.CallsAsync());
    }

    [Theory]
    [InlineData(null, "Field.Required")]
    [InlineData("", "Field.Required")]
    [InlineData("  \n ", "Field.Required")]
    [InlineData("be\0cause", "Field.ControlCharacters")]
    public async Task SubmitAsync_unusable_reason_leaves_no_row(string? reason, string wordKey)
    {
        var outcome = await SubmitAsync(Given.Rule(), reason!);

        var problem = Assert.Single(Assert.IsType<InputInvalid>(outcome.Refusal).Problems);
        Assert.Equal(("reason", wordKey), (problem.Field, problem.WordKey));
        await AssertNoTraceAsync();
    }

    [Fact]
    public async Task SubmitAsync_half_of_a_surrogate_pair_in_the_reason_leaves_no_row()
    {
        // Not as data of a theory: attributes are kept as UTF-8, which cannot hold it.
        var outcome = await SubmitAsync(Given.Rule(), "be\ud800cause");

        Assert.Equal("Field.ControlCharacters", Assert.Single(Assert.IsType<InputInvalid>(outcome.Refusal).Problems).WordKey);
        await AssertNoTraceAsync();
    }

    [Fact]
    public async Task SubmitAsync_reason_of_2000_characters_is_kept_and_of_2001_refused()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 1000));

        var refused = await SubmitAsync(Given.Rule(), longest + "x");
        var taken = await SubmitAsync(Given.Rule(), longest);

        Assert.Equal("Field.TooLong", Assert.Single(Assert.IsType<InputInvalid>(refused.Refusal).Problems).WordKey);
        Assert.Equal(longest, (await Node.RequestAsync(taken.Value.Id)).Reason);
    }

    [Fact]
    public async Task SubmitAsync_all_problems_are_told_at_once()
    {
        var outcome = await SubmitAsync(Given.Rule().With("organization", 1).With("repository", "A"), "");

        Assert.Equal(
            ["organization", "repository", "reason"],
            Assert.IsType<InputInvalid>(outcome.Refusal).Problems.Select(problem => problem.Field));
    }

    [Fact]
    public async Task SubmitAsync_blocked_by_a_check_leaves_no_row()
    {
        var outcome = await SubmitAsync(Given.Rule(targetOrganization: "no-such-team"), Given.Reason);

        Assert.Contains(Assert.IsType<BlockedByCheck>(outcome.Refusal).Findings, finding => finding.Level == FindingLevel.Block);
        await AssertNoTraceAsync();
        Assert.Empty(await Cloud.EffectsAsync());
    }

    [Fact]
    public async Task SubmitAsync_cloud_away_is_a_warning_that_is_kept_with_the_request()
    {
        await using var alone = PortalHost.WithoutCloud(Database);

        var request = await Given.SubmittedAsync(alone, Given.Rule());

        Assert.Contains("Check.NotReached", (await Node.RequestAsync(request.Id)).Findings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitAsync_same_wish_of_the_same_person_is_refused_while_the_first_is_open()
    {
        var first = await Given.SubmittedAsync(Node, Given.Rule());
        var turned = new JsonObject(Given.Rule().Payload.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

        var twin = Assert.IsType<AlreadyAsked>((await SubmitAsync(Given.Rule() with { Payload = turned }, "Another reason")).Refusal);

        Assert.Equal((first.Id, first.Number), (twin.Id, twin.Number));
        Assert.Equal(1, await Database.ValueAsync<long>("select count(*) from portal.request"));
        await Given.SubmittedAsync(Node, Given.Rule(), Given.OtherDeveloper);
        Assert.True((await Node.Requests.WithdrawAsync(first.Id, Given.Developer, Token)).IsDone);
        await Given.SubmittedAsync(Node, Given.Rule());
    }

    [Fact]
    public async Task SubmitAsync_double_click_is_one_request()
    {
        await using var second = PortalHost.On(Database, Cloud);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(click => (click % 2 == 0 ? Node : second).Requests.SubmitAsync(
            new SubmitInput("keep-copying", Given.Rule().Payload, Given.Reason), Given.Developer, Token)));

        var done = Assert.Single(outcomes, outcome => outcome.IsDone);
        Assert.All(
            outcomes.Where(outcome => !outcome.IsDone),
            outcome => Assert.Equal(done.Value.Id, Assert.IsType<AlreadyAsked>(outcome.Refusal).Id));
        Assert.Equal(1, await Database.ValueAsync<long>("select count(*) from audit.event"));
    }

    [Fact]
    public async Task SubmitAsync_unknown_kind_is_refused()
    {
        Assert.IsType<KindNotFound>((await SubmitAsync(Given.Rule() with { Kind = "format-disk" }, Given.Reason)).Refusal);
        Assert.IsType<KindNotFound>((await Node.Requests.CheckAsync("format-disk", [], Given.Developer, Token)).Refusal);
        await AssertNoTraceAsync();
    }

    [Fact]
    public async Task SubmitAsync_and_check_without_the_permission_are_refused_and_recorded()
    {
        foreach (var actor in new[] { Given.SecondApprover, Given.Operator, Given.Auditor, Given.Administrator, Actor.System })
        {
            var submitted = await Node.Requests.SubmitAsync(new SubmitInput("keep-copying", Given.Rule().Payload, Given.Reason), actor, Token);
            var looked = await Node.Requests.CheckAsync("keep-copying", Given.Rule().Payload, actor, Token);

            Assert.Equal(Permission.SubmitRequests, Assert.IsType<NotAllowed>(submitted.Refusal).Missing);
            Assert.IsType<NotAllowed>(looked.Refusal);
        }

        var rows = await Node.AloneAsync();
        Assert.Equal(10, rows.Count);
        Assert.All(rows, row => Assert.Equal("access.denied", row.Kind));
        Assert.Equal(0, await Database.ValueAsync<long>("select count(*) from portal.request"));
        Assert.Empty(await Cloud.CallsAsync());
    }

    [Fact]
    public async Task SubmitAsync_trail_that_cannot_be_written_leaves_no_request()
    {
        await Database.OwnerAsync("alter table audit.event add constraint full_disk check (kind is null) not valid");

        await Assert.ThrowsAnyAsync<Exception>(() => SubmitAsync(Given.Rule(), Given.Reason));

        Assert.Equal(0, await Database.ValueAsync<long>("select (select count(*) from portal.request) + (select count(*) from portal.request_item)"));
    }

    [Theory]
    [InlineData("payload = '{}'")]
    [InlineData("payload_hash = 'x'")]
    [InlineData("requester_id = 'test:other'")]
    [InlineData("kind = 'sync-mirror'")]
    [InlineData("policy = 'no-approval/1'")]
    public async Task Stored_wish_cannot_be_changed(string change)
    {
        await Given.SubmittedAsync(Node, Given.Rule());

        foreach (var source in new[] { Database.App, Database.Owner })
        {
            await using var command = source.CreateCommand($"update portal.request set {change}");
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Token));
            Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
        }
    }

    Task<Outcome<Request>> SubmitAsync(Wish wish, string reason) =>
        Node.Requests.SubmitAsync(new SubmitInput(wish.Kind, wish.Payload, reason), Given.Developer, Token);

    async Task AssertNoTraceAsync() => Assert.Equal(0, await Database.ValueAsync<long>(
        """
        select (select count(*) from portal.request) + (select count(*) from portal.request_item)
          + (select count(*) from portal.sealed_login) + (select count(*) from audit.event)
        """));
}
