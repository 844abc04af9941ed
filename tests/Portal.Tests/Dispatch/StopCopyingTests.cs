using Portal.Huawei;
using Portal.Kinds;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

/// <summary>Deleting a rule, the whole way: a rule that is gone is what was wished for.</summary>
public sealed class StopCopyingTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Rule_is_deleted_once_and_its_absence_proves_it()
    {
        var request = await Given.ApprovedAsync(Node, Given.StopRule());

        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal(
            (ItemState.Done, SentLight.Accepted, ProvedLight.Proved, "Proof.RuleGone", Attribution.Exact),
            (item.State, item.Sent, item.Proved, item.Note, item.Attribution));
        var send = Assert.Single(await Node.SendsAsync(request));
        Assert.Equal(("DELETE", 200), (send.Method, send.HttpStatus));
        Assert.Equal(["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.accepted", "observe.confirmed"], await Node.AuditOf(request));
        Assert.Equal(1, await Cloud.EffectsAsync(Given.StopRule().Target));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    [InlineData("c")]
    [InlineData("usual")]
    public async Task Rule_that_somebody_else_deleted_meanwhile_counts_as_done_in_every_shape_of_the_error(string shape)
    {
        var request = await Given.ApprovedAsync(Node, Given.StopRule());
        Assert.True((await Node.Get<CloudClient>().SendAsync(
            Swr.DeleteRule("cn-north-4", "team-a", "backend/payment-api", new SyncTarget("cn-east-3", "team-a-dr")), Token)).IsSuccess);
        await Cloud.ErrorShapeAsync(shape);

        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal(
            (ItemState.AlreadyThere, SentLight.Refused, ProvedLight.Proved, 400, "SVCSTG.SWR.4001158"),
            (item.State, item.Sent, item.Proved, item.HttpStatus, item.ErrorCode));
        Assert.Equal(RequestState.Succeeded, (await Node.RequestAsync(request.Id)).State);
        Assert.Equal(["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.refused", "observe.nochange"], await Node.AuditOf(request));
        Assert.Equal(1, await Cloud.EffectsAsync(Given.StopRule().Target));
    }

    [Fact]
    public async Task Rule_that_never_was_counts_as_done()
    {
        var request = await Given.ApprovedAsync(Node, Given.StopRule("tools/busybox"));

        await Node.WorkAsync();

        Assert.Equal(ItemState.AlreadyThere, (await Node.ItemAsync(request)).State);
    }

    [Fact]
    public async Task Rule_that_the_cloud_never_lists_is_deleted_and_its_end_cannot_be_read()
    {
        var wish = Given.StopRule("push-sender", "ap-southeast-3", "mobile").With("organization", "mobile");
        var request = await Given.ApprovedAsync(Node, wish);

        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Done, SentLight.Accepted, ProvedLight.CannotBeRead), (item.State, item.Sent, item.Proved));
        Assert.Equal(1, await Cloud.EffectsAsync("rule-deleted:cn-north-4/mobile/push-sender->ap-southeast-3/mobile"));
    }

    [Fact]
    public async Task Deletion_whose_answer_was_lost_is_seen_and_not_repeated()
    {
        await Cloud.FaultAsync("reset-after-effect", method: "DELETE");
        var request = await Given.ApprovedAsync(Node, Given.StopRule());

        await Node.WorkAsync();
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Done, "Proof.RuleGone", Attribution.Inferred), (item.State, item.Note, item.Attribution));
        Assert.Single(await Node.SendsAsync(request));
    }
}
