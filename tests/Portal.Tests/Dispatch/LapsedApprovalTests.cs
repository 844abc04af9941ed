using Portal.Dispatch;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

/// <summary>An old agreement is no agreement, and neither is that of somebody who may not agree any more.</summary>
public sealed class LapsedApprovalTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Approval_that_ended_before_anything_was_sent_closes_the_request()
    {
        var fresh = await Given.ApprovedAsync(Node, Given.Rule("tools/busybox"));
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await EndApprovalAsync(request);

        Assert.True(await Expiry.ExpireNextAsync(Token));
        Assert.False(await Expiry.ExpireNextAsync(Token));

        Assert.Equal((RequestState.Expired, ItemState.Skipped), ((await Node.RequestAsync(request.Id)).State, (await Node.ItemAsync(request)).State));
        Assert.Equal(["request.submitted", "approval.granted", "request.expired"], await Node.AuditOf(request));
        Assert.Equal(RequestState.Approved, (await Node.RequestAsync(fresh.Id)).State);
    }

    [Fact]
    public async Task Approval_that_ended_in_the_queue_sends_nothing_even_before_it_is_tidied_up()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await EndApprovalAsync(request);

        await Node.WorkAsync();

        Assert.Equal((RequestState.Expired, ItemState.Skipped), ((await Node.RequestAsync(request.Id)).State, (await Node.ItemAsync(request)).State));
        Assert.Empty(await Node.SendsAsync(request));
        Assert.Equal("request.expired", (await Node.AuditOf(request))[^1]);
        Assert.Empty(await Cloud.EffectsAsync());
    }

    [Theory]
    [InlineData("Requester", false)]
    [InlineData("NoSuchRole", false)]
    [InlineData("Approver", true)]
    public async Task Approver_whose_role_was_taken_away_takes_the_approval_along(string role, bool sent)
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await Database.OwnerAsync(
            "insert into portal.person (id, name, roles) values ($1, 'Ayo', array[$2])", Given.SecondApprover.Id, role);

        await Node.WorkAsync();

        Assert.Equal(sent ? 1 : 0, (await Node.SendsAsync(request)).Count);
        var item = await Node.ItemAsync(request);
        if (!sent)
        {
            Assert.Equal((ItemState.Failed, SentLight.No, "Note.ApproverLapsed"), (item.State, item.Sent, item.Note));
            Assert.Equal(["request.submitted", "approval.granted", "dispatch.refused"], await Node.AuditOf(request));
        }
    }

    ApprovalExpiry Expiry => Node.Get<ApprovalExpiry>();

    Task EndApprovalAsync(Request request) =>
        Database.UnguardedAsync("update portal.request set approved_until = now() - interval '1 second' where id = $1", request.Id);
}
