using System.Text.Json.Nodes;
using Portal.Access;
using Portal.Dispatch;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

/// <summary>What people say of calls whose outcome nobody could find out: who may, how many it takes, and what stays on record.</summary>
public sealed class OutcomeServiceTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    static readonly Actor OtherOperator = new("test:operator2", "Oda", [Role.Operator]);

    [Theory]
    [InlineData(SettlementAction.MarkSucceeded, ItemState.Done, ProvedLight.SaidByPerson, RequestState.Succeeded, "Note.MarkedSucceeded")]
    [InlineData(SettlementAction.MarkFailed, ItemState.Failed, ProvedLight.SaidByPerson, RequestState.Failed, "Note.MarkedFailed")]
    public async Task Person_says_what_became_of_it(
        SettlementAction action, ItemState state, ProvedLight proved, RequestState requestState, string note)
    {
        var request = await OnDeskAsync(Given.Rule());
        var item = await Node.ItemAsync(request);
        Assert.Equal([request.Id], (await Node.OutcomeDesk.RowsAsync(Given.Operator, Token)).Select(row => row.Request.Id));

        var settled = await Node.Outcomes.SettleAsync(item.Id, action, "Looked at the console", Given.Operator, Token);

        Assert.Equal(SettlementState.Done, settled.Value.State);
        item = await Node.ItemAsync(request);
        Assert.Equal((state, SentLight.NoAnswer, proved, note), (item.State, item.Sent, item.Proved, item.Note));
        Assert.Equal(requestState, (await Node.RequestAsync(request.Id)).State);
        Assert.Empty(await Node.OutcomeDesk.RowsAsync(Given.Operator, Token));
        var facts = await LastFactsAsync(request, "outcome.settled");
        Assert.Equal((action.ToString(), "Looked at the console"), (facts["action"]!.ToString(), facts["comment"]!.ToString()));
    }

    [Fact]
    public async Task Check_again_looks_and_finds_what_came_late()
    {
        var request = await OnDeskAsync(Given.Rule(), "html-502-after-effect", seen: false);
        var item = await Node.ItemAsync(request);

        Assert.True((await Node.Outcomes.SettleAsync(item.Id, SettlementAction.CheckAgain, "The list works again", Given.Operator, Token)).IsDone);
        await Node.WorkAsync();

        Assert.Equal((ItemState.Done, ProvedLight.Proved), ((await Node.ItemAsync(request)).State, (await Node.ItemAsync(request)).Proved));
        Assert.Equal(["outcome.check_again", "observe.confirmed"], (await Node.AuditOf(request))[^2..]);
        Assert.Single(await Node.SendsAsync(request));
    }

    [Fact]
    public async Task Send_again_makes_the_call_once_more_and_remembers_that_it_may_be_twice()
    {
        var request = await OnDeskAsync(Given.Rule());
        var item = await Node.ItemAsync(request);

        Assert.True((await Node.Outcomes.SettleAsync(item.Id, SettlementAction.SendAgain, "Nothing there", Given.Operator, Token)).IsDone);
        await Node.WorkAsync();

        item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Done, ProvedLight.Proved, true), (item.State, item.Proved, item.MaybeTwice));
        Assert.Equal([502, 200], (await Node.SendsAsync(request)).Select(send => send.HttpStatus!.Value));
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Rule().Target));
    }

    [Fact]
    public async Task Send_again_is_refused_after_the_approval_has_ended()
    {
        var request = await OnDeskAsync(Given.Rule());
        await Database.UnguardedAsync("update portal.request set approved_until = now() - interval '1 second' where id = $1", request.Id);

        var outcome = await Node.Outcomes.SettleAsync((await Node.ItemAsync(request)).Id, SettlementAction.SendAgain, "x", Given.Operator, Token);

        Assert.IsType<ApprovalOver>(outcome.Refusal);
        Assert.Single(await Node.OutcomeDesk.RowsAsync(Given.Operator, Token));
    }

    [Fact]
    public async Task Settling_needs_a_note_an_operator_and_somebody_else_than_the_requester()
    {
        var both = new Actor("test:both", "Bo", [Role.Requester, Role.Operator]);
        var request = await OnDeskAsync(Given.Rule(), requester: both);
        var item = (await Node.ItemAsync(request)).Id;

        Assert.IsType<InputInvalid>((await Node.Outcomes.SettleAsync(item, SettlementAction.MarkFailed, " ", Given.Operator, Token)).Refusal);
        Assert.IsType<RequesterMayNotSettle>((await Node.Outcomes.SettleAsync(item, SettlementAction.MarkFailed, "x", both, Token)).Refusal);
        foreach (var actor in (Actor[])[Given.Developer, Given.Approver, Given.Auditor, Given.Administrator])
        {
            Assert.IsType<NotAllowed>((await Node.Outcomes.SettleAsync(item, SettlementAction.MarkFailed, "x", actor, Token)).Refusal);
        }

        Assert.Equal(ItemState.Unknown, (await Node.ItemAsync(request)).State);
        Assert.Equal(Enumerable.Repeat("access.denied", 5), (await Node.AloneAsync()).Select(row => row.Kind));
        Assert.Equal((0, 0, 1), (
            (await Node.OutcomeDesk.RowsAsync(Given.Auditor, Token)).Count, await Node.OutcomeDesk.CountAsync(Given.Developer, Token),
            await Node.OutcomeDesk.CountAsync(Given.Administrator, Token)));
    }

    [Fact]
    public async Task What_is_not_on_the_desk_is_not_settled()
    {
        var done = await Given.ApprovedAsync(Node, Given.Rule());
        await Node.WorkAsync();

        var outcome = await Node.Outcomes.SettleAsync((await Node.ItemAsync(done)).Id, SettlementAction.MarkFailed, "x", Given.Operator, Token);

        Assert.Equal(new NotOnDesk(ItemState.Done), outcome.Refusal);
        Assert.IsType<RequestNotFound>((await Node.Outcomes.SettleAsync(Guid.CreateVersion7(), SettlementAction.MarkFailed, "x", Given.Operator, Token)).Refusal);
    }

    [Fact]
    public async Task Call_that_overwrites_takes_two_people()
    {
        var request = await OnDeskAsync(Given.Rule(overwrite: true));
        var item = (await Node.ItemAsync(request)).Id;
        Assert.True((await Node.OutcomeDesk.RowsAsync(Given.Operator, Token)).Single().NeedsSecond);

        var proposed = (await Node.Outcomes.SettleAsync(item, SettlementAction.MarkSucceeded, "It is listed", Given.Operator, Token)).Value;

        Assert.Equal((SettlementState.Proposed, ItemState.Unknown), (proposed.State, (await Node.ItemAsync(request)).State));
        Assert.Equal("Olu", (await Node.OutcomeDesk.RowsAsync(OtherOperator, Token)).Single().Open!.ActorName);
        Assert.IsType<ProposalIsOpen>((await Node.Outcomes.SettleAsync(item, SettlementAction.MarkFailed, "x", OtherOperator, Token)).Refusal);
        Assert.IsType<NeedsAnotherPerson>((await Node.Outcomes.SecondAsync(proposed.Id, true, null, Given.Operator, Token)).Refusal);
        Assert.IsType<InputInvalid>((await Node.Outcomes.SecondAsync(proposed.Id, false, null, OtherOperator, Token)).Refusal);
        Assert.IsType<NotAllowed>((await Node.Outcomes.SecondAsync(proposed.Id, true, null, Given.Approver, Token)).Refusal);

        var agreed = (await Node.Outcomes.SecondAsync(proposed.Id, true, "I see it too", Given.Administrator, Token)).Value;

        Assert.Equal((SettlementState.Done, "Ada"), (agreed.State, agreed.SecondName));
        Assert.Equal((ItemState.Done, ProvedLight.SaidByPerson), ((await Node.ItemAsync(request)).State, (await Node.ItemAsync(request)).Proved));
        Assert.Equal(["outcome.proposed", "outcome.settled"], (await Node.AuditOf(request))[^2..]);
        Assert.Equal(Given.Operator.Id, (await LastFactsAsync(request, "outcome.settled"))["proposedBy"]!.ToString());
        Assert.IsType<NotOnDesk>((await Node.Outcomes.SecondAsync(proposed.Id, true, null, OtherOperator, Token)).Refusal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Proposal_that_is_taken_back_or_turned_down_changes_nothing(bool takenBack)
    {
        var request = await OnDeskAsync(Given.Rule(overwrite: true));
        var item = (await Node.ItemAsync(request)).Id;
        var proposed = (await Node.Outcomes.SettleAsync(item, SettlementAction.SendAgain, "Nothing there", Given.Operator, Token)).Value;

        var answered = await Node.Outcomes.SecondAsync(proposed.Id, false, "On second thoughts", takenBack ? Given.Operator : OtherOperator, Token);

        Assert.Equal(SettlementState.Rejected, answered.Value.State);
        var row = (await Node.OutcomeDesk.RowsAsync(Given.Operator, Token)).Single();
        Assert.Equal((ItemState.Unknown, null), (row.Item.State, row.Open));
        Assert.Equal("outcome.rejected", (await Node.AuditOf(request))[^1]);
        Assert.Equal("On second thoughts", (await LastFactsAsync(request, "outcome.rejected"))["comment"]!.ToString());
    }

    [Fact]
    public async Task Check_again_takes_one_person_even_where_settling_takes_two()
    {
        var request = await OnDeskAsync(Given.Rule(overwrite: true));

        var settled = await Node.Outcomes.SettleAsync((await Node.ItemAsync(request)).Id, SettlementAction.CheckAgain, "x", Given.Operator, Token);

        Assert.Equal(SettlementState.Done, settled.Value.State);
    }

    [Fact]
    public async Task Of_people_who_act_at_the_same_moment_one_settles()
    {
        var request = await OnDeskAsync(Given.Rule());
        var item = (await Node.ItemAsync(request)).Id;
        await using var second = PortalHost.On(Database, Cloud, Settings);

        var outcomes = await Task.WhenAll(
            Node.Outcomes.SettleAsync(item, SettlementAction.MarkSucceeded, "there", Given.Operator, Token),
            second.Outcomes.SettleAsync(item, SettlementAction.MarkFailed, "not there", OtherOperator, Token));

        Assert.IsType<NotOnDesk>(Assert.Single(outcomes, outcome => !outcome.IsDone).Refusal);
        Assert.Single(await Node.AuditOf(request), kind => kind == "outcome.settled");
    }

    [Fact]
    public async Task Of_people_who_propose_or_answer_at_the_same_moment_one_is_heard()
    {
        var request = await OnDeskAsync(Given.Rule(overwrite: true));
        var item = (await Node.ItemAsync(request)).Id;
        await using var second = PortalHost.On(Database, Cloud, Settings);

        var proposals = await Task.WhenAll(
            Node.Outcomes.SettleAsync(item, SettlementAction.MarkSucceeded, "there", Given.Operator, Token),
            second.Outcomes.SettleAsync(item, SettlementAction.MarkFailed, "not there", OtherOperator, Token));
        Assert.IsType<ProposalIsOpen>(Assert.Single(proposals, outcome => !outcome.IsDone).Refusal);

        var proposed = Assert.Single(proposals, outcome => outcome.IsDone).Value;
        var third = new Actor("test:operator3", "Ove", [Role.Operator]);
        var answers = await Task.WhenAll(
            Node.Outcomes.SecondAsync(proposed.Id, true, null, third, Token),
            second.Outcomes.SecondAsync(proposed.Id, false, "no", Given.Administrator, Token));

        Assert.IsType<NotOnDesk>(Assert.Single(answers, outcome => !outcome.IsDone).Refusal);
        Assert.Single(await Node.AuditOf(request), kind => kind is "outcome.settled" or "outcome.rejected");
    }

    /// <summary>A request whose call got no clear answer and whose proof did not come in time.</summary>
    async Task<Request> OnDeskAsync(Wish wish, string preset = "html-502", Actor? requester = null, bool seen = true)
    {
        await Cloud.FaultAsync(preset, "sync_repo", "POST");
        var request = await Given.ApprovedAsync(Node, wish, requester);
        await Node.WorkAsync();
        await Node.PassDeadlineAsync(request);
        if (!seen)
        {
            await Cloud.FaultAsync("html-502", "sync_repo", "GET");
        }

        await Node.PassWaitAsync(request);
        await Node.WorkAsync();
        Assert.True((await Node.ItemAsync(request)).NeedsPerson);
        return request;
    }

    async Task<JsonObject> LastFactsAsync(Request request, string kind) =>
        JsonNode.Parse((await Node.TrailAsync(request)).Last(row => row.Kind == kind).Doc)!["facts"]!.AsObject();
}
