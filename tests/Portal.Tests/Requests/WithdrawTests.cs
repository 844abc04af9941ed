using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Requests;

public sealed class WithdrawTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task WithdrawAsync_by_the_requester_ends_it_and_nothing_is_sent()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        var outcome = await Node.Requests.WithdrawAsync(request.Id, Given.Developer, Token);
        await Node.WorkAsync();

        Assert.True(outcome.IsDone);
        var stored = await Node.RequestAsync(request.Id);
        Assert.Equal(RequestState.Withdrawn, stored.State);
        Assert.Equal((ItemState.Skipped, null), (stored.Items.Single().State, stored.Items.Single().DueAt));
        Assert.Equal(["request.submitted", "request.withdrawn"], await Node.AuditOf(request));
        Assert.Empty(await Node.AttemptsAsync(request));
        Assert.Empty(await Cloud.EffectsAsync());
    }

    [Fact]
    public async Task WithdrawAsync_by_somebody_else_is_refused()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        // Who may not even see it learns nothing of it.
        Assert.IsType<RequestNotFound>((await Node.Requests.WithdrawAsync(request.Id, Given.OtherDeveloper, Token)).Refusal);
        foreach (var actor in new[] { Given.Approver, Given.Operator, Given.Administrator })
        {
            Assert.IsType<OnlyRequesterMayWithdraw>((await Node.Requests.WithdrawAsync(request.Id, actor, Token)).Refusal);
        }

        Assert.IsType<RequestNotFound>((await Node.Requests.WithdrawAsync(Guid.CreateVersion7(), Given.Administrator, Token)).Refusal);
        Assert.Equal(RequestState.PendingApproval, (await Node.RequestAsync(request.Id)).State);
        Assert.Equal(["request.submitted"], await Node.AuditOf(request));
    }

    [Fact]
    public async Task WithdrawAsync_after_the_decision_is_refused_with_the_state()
    {
        var approved = await Given.ApprovedAsync(Node, Given.Rule());
        var rejected = await Given.SubmittedAsync(Node, Given.Mirror());
        Assert.True((await Node.Approvals.DenyAsync(rejected.Id, rejected.PayloadHash, "Not now", Given.Approver, Token)).IsDone);

        Assert.Equal(new StateChanged(RequestState.Approved), (await Node.Requests.WithdrawAsync(approved.Id, Given.Developer, Token)).Refusal);
        Assert.Equal(new StateChanged(RequestState.Rejected), (await Node.Requests.WithdrawAsync(rejected.Id, Given.Developer, Token)).Refusal);
        Assert.Equal(ItemState.Queued, (await Node.ItemAsync(approved)).State);
    }

    [Fact]
    public async Task WithdrawAsync_twice_is_one_event()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        Assert.True((await Node.Requests.WithdrawAsync(request.Id, Given.Developer, Token)).IsDone);
        Assert.IsType<StateChanged>((await Node.Requests.WithdrawAsync(request.Id, Given.Developer, Token)).Refusal);

        Assert.Equal(["request.submitted", "request.withdrawn"], await Node.AuditOf(request));
    }
}
