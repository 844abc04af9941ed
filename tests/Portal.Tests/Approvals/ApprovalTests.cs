using System.Text.Json.Nodes;
using Npgsql;
using Portal.Access;
using Portal.Approvals;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Approvals;

public sealed class ApprovalTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task ApproveAsync_by_somebody_else_makes_the_item_due_with_the_hash_that_was_shown()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        var outcome = await Node.Approvals.ApproveAsync(request.Id, request.PayloadHash, " Fine ", Given.Approver, Token);

        Assert.True(outcome.IsDone);
        var stored = await Node.RequestAsync(request.Id);
        Assert.Equal((RequestState.Approved, request.PayloadHash), (stored.State, stored.ApprovedHash));
        Assert.Equal(ItemState.Queued, stored.Items.Single().State);
        Assert.NotNull(stored.Items.Single().DueAt);
        var decision = Assert.Single(await Node.Approvals.DecisionsAsync(request.Id, Given.Auditor, Token));
        Assert.Equal((Verdict.Approved, "Fine", Given.Approver.Id), (decision.Verdict, decision.Comment, decision.DeciderId));
        Assert.Equal(["request.submitted", "approval.granted"], await Node.AuditOf(request));
        var facts = JsonNode.Parse((await Node.TrailAsync(request))[1].Raw)!["facts"]!;
        Assert.Equal(("Fine", request.PayloadHash, "Approved"), ((string?)facts["comment"], (string?)facts["payloadHash"], (string?)facts["state"]));
    }

    [Fact]
    public async Task DenyAsync_ends_it_with_the_reason_and_nothing_is_sent()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        Assert.True((await Node.Approvals.DenyAsync(request.Id, request.PayloadHash, "Use the other site", Given.Approver, Token)).IsDone);
        await Node.WorkAsync();

        var stored = await Node.RequestAsync(request.Id);
        Assert.Equal((RequestState.Rejected, ItemState.Skipped), (stored.State, stored.Items.Single().State));
        Assert.Null(stored.ApprovedHash);
        Assert.Equal(["request.submitted", "approval.denied"], await Node.AuditOf(request));
        Assert.Empty(await Node.AttemptsAsync(request));
        Assert.Empty(await Cloud.EffectsAsync());
    }

    [Theory]
    [InlineData(null, "Field.Required")]
    [InlineData("  ", "Field.Required")]
    [InlineData("no\0", "Field.ControlCharacters")]
    public async Task DenyAsync_without_a_reason_is_refused(string? reason, string wordKey)
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        var refusal = (await Node.Approvals.DenyAsync(request.Id, request.PayloadHash, reason, Given.Approver, Token)).Refusal;

        Assert.Equal(("comment", wordKey), Assert.IsType<InputInvalid>(refusal).Problems.Select(problem => (problem.Field, problem.WordKey)).Single());
        Assert.Equal(RequestState.PendingApproval, (await Node.RequestAsync(request.Id)).State);
    }

    [Fact]
    public async Task Comment_of_2001_characters_is_refused_and_of_2000_kept()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        var refused = await Node.Approvals.ApproveAsync(request.Id, request.PayloadHash, new string('x', 2001), Given.Approver, Token);
        var taken = await Node.Approvals.ApproveAsync(request.Id, request.PayloadHash, new string('x', 2000), Given.Approver, Token);

        Assert.IsType<InputInvalid>(refused.Refusal);
        Assert.True(taken.IsDone);
    }

    [Fact]
    public async Task Requester_cannot_decide_also_as_approver_and_the_try_is_recorded()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule(), Given.Approver);

        var granted = await Node.Approvals.ApproveAsync(request.Id, request.PayloadHash, null, Given.Approver, Token);
        var denied = await Node.Approvals.DenyAsync(request.Id, request.PayloadHash, "x", Given.Approver, Token);

        Assert.IsType<RequesterMayNotDecide>(granted.Refusal);
        Assert.IsType<RequesterMayNotDecide>(denied.Refusal);
        Assert.IsType<RequesterMayNotDecide>(await Node.Approvals.WhyNotAsync(request, Given.Approver, Token));
        Assert.Equal(RequestState.PendingApproval, (await Node.RequestAsync(request.Id)).State);
        Assert.Equal(["request.submitted"], await Node.AuditOf(request));
        var rows = await Node.AloneAsync();
        Assert.Equal(["access.denied", "access.denied"], rows.Select(row => row.Kind));
        Assert.All(rows, row => Assert.Contains(request.Id.ToString(), row.Doc, StringComparison.Ordinal));
        Assert.Equal(["approval.grant", "approval.deny"], rows.Select(row => (string?)JsonNode.Parse(row.Doc)!["facts"]!["what"]));
    }

    [Fact]
    public async Task Person_without_the_permission_cannot_decide_and_the_try_is_recorded()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        foreach (var actor in new[] { Given.Operator, Given.Auditor, Given.Administrator, Given.OtherDeveloper, Actor.System })
        {
            Assert.IsType<MayNotDecide>((await Node.Approvals.ApproveAsync(request.Id, request.PayloadHash, null, actor, Token)).Refusal);
        }

        // Who may not even see requests is told the same of one that is not there.
        Assert.IsType<MayNotDecide>((await Node.Approvals.ApproveAsync(Guid.CreateVersion7(), request.PayloadHash, null, Given.OtherDeveloper, Token)).Refusal);
        Assert.IsType<RequestNotFound>((await Node.Approvals.ApproveAsync(Guid.CreateVersion7(), request.PayloadHash, null, Given.Approver, Token)).Refusal);
        Assert.Equal(6, (await Node.AloneAsync()).Count(row => row.Kind == "access.denied"));
        Assert.Equal(RequestState.PendingApproval, (await Node.RequestAsync(request.Id)).State);
    }

    [Fact]
    public async Task Second_decision_is_refused_with_the_state()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());

        foreach (var actor in new[] { Given.Approver, Given.SecondApprover })
        {
            Assert.Equal(
                new StateChanged(RequestState.Approved), (await Node.Approvals.ApproveAsync(request.Id, request.PayloadHash, null, actor, Token)).Refusal);
            Assert.Equal(
                new StateChanged(RequestState.Approved), (await Node.Approvals.DenyAsync(request.Id, request.PayloadHash, "late", actor, Token)).Refusal);
        }

        Assert.Equal(["request.submitted", "approval.granted"], await Node.AuditOf(request));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    public async Task Decision_on_something_else_than_what_is_stored_is_refused(string shownHash)
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        Assert.IsType<ContentChanged>((await Node.Approvals.ApproveAsync(request.Id, shownHash, null, Given.Approver, Token)).Refusal);
        Assert.IsType<ContentChanged>((await Node.Approvals.DenyAsync(request.Id, request.PayloadHash.ToUpperInvariant(), "x", Given.Approver, Token)).Refusal);
        Assert.Empty(await Node.Approvals.DecisionsAsync(request.Id, Given.Auditor, Token));
        Assert.Equal(["request.submitted"], await Node.AuditOf(request));
    }

    [Fact]
    public async Task Database_refuses_a_decision_of_the_requester_and_a_second_one_of_anybody()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        await AssertRefusedAsync("decision_not_by_requester", Given.Developer.Id, Given.Developer.Id);
        // Giving another requester than the request's does not help.
        await AssertRefusedAsync("FK_decision_request_request_id_requester_id", "test:nobody", Given.Developer.Id);
        await InsertAsync(Given.Developer.Id, Given.Approver.Id);
        await AssertRefusedAsync("decision_one_per_person", Given.Developer.Id, Given.Approver.Id);

        Task InsertAsync(string requester, string decider) => Database.AppAsync(
            "insert into portal.decision (id, request_id, requester_id, decider_id, decider_name, verdict, payload_hash) values (gen_random_uuid(), $1, $2, $3, 'x', 'Approved', 'h')",
            request.Id, requester, decider);

        async Task AssertRefusedAsync(string constraint, string requester, string decider) =>
            Assert.Equal(constraint, (await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(requester, decider))).ConstraintName);
    }

    [Fact]
    public async Task Decision_whose_record_cannot_be_written_does_not_happen()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());
        await Database.OwnerAsync("alter table audit.event add constraint full_disk check (kind is null) not valid");

        await Assert.ThrowsAnyAsync<Exception>(() => Node.Approvals.ApproveAsync(request.Id, request.PayloadHash, null, Given.Approver, Token));

        Assert.Equal(RequestState.PendingApproval, (await Node.RequestAsync(request.Id)).State);
        Assert.Empty(await Node.Approvals.DecisionsAsync(request.Id, Given.Auditor, Token));
    }
}
