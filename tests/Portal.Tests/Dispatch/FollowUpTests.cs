using Portal.Access;
using Portal.Kinds;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

/// <summary>What can be done with a request after it was approved.</summary>
public sealed class FollowUpTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Called_off_before_it_was_sent_it_is_never_sent()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());

        var outcome = await Node.FollowUps.CancelAsync(request.Id, null, Given.Developer, Token);
        await Node.WorkAsync();

        Assert.Equal(RequestState.Cancelled, outcome.Value.State);
        Assert.Equal(ItemState.Skipped, (await Node.ItemAsync(request)).State);
        Assert.Empty(await Node.SendsAsync(request));
        Assert.Equal(["request.submitted", "approval.granted", "request.cancelled"], await Node.AuditOf(request));
        Assert.Equal(new StateChanged(RequestState.Cancelled), (await Node.FollowUps.CancelAsync(request.Id, null, Given.Developer, Token)).Refusal);
    }

    [Fact]
    public async Task Calling_off_for_others_needs_a_reason_and_the_right_to()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());

        Assert.IsType<InputInvalid>((await Node.FollowUps.CancelAsync(request.Id, " ", Given.Operator, Token)).Refusal);
        Assert.IsType<RequestNotFound>((await Node.FollowUps.CancelAsync(request.Id, "x", Given.OtherDeveloper, Token)).Refusal);
        Assert.IsType<NotAllowed>((await Node.FollowUps.CancelAsync(request.Id, "x", Given.Approver, Token)).Refusal);
        Assert.Equal("access.denied", Assert.Single(await Node.AloneAsync()).Kind);

        Assert.True((await Node.FollowUps.CancelAsync(request.Id, "Freeze", Given.Operator, Token)).IsDone);
        Assert.Contains("Freeze", (await Node.TrailAsync(request))[^1].Doc, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_sent_can_no_longer_be_called_off()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await Node.WorkAsync();

        Assert.Equal(new StateChanged(RequestState.Succeeded), (await Node.FollowUps.CancelAsync(request.Id, null, Given.Developer, Token)).Refusal);
    }

    [Fact]
    public async Task Retry_sends_only_what_failed_under_the_same_approval()
    {
        var request = await FailedAsync(Given.Rule());
        await AddDonePartAsync(request);

        var outcome = await Node.FollowUps.RetryFailedAsync(request.Id, Given.Developer, Token);
        await Node.WorkAsync();

        Assert.Equal(RequestState.InProgress, outcome.Value.State);
        var after = await Node.RequestAsync(request.Id);
        Assert.Equal(RequestState.Succeeded, after.State);
        Assert.All(after.Items, item => Assert.Equal(ItemState.Done, item.State));
        Assert.Equal([403, 200], (await Node.SendsAsync(request)).Select(send => send.HttpStatus!.Value));
        Assert.DoesNotContain(after.Items, item => item.MaybeTwice);
        Assert.Equal(
            ["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.refused", "request.retried", "dispatch.recorded", "dispatch.accepted", "observe.confirmed"],
            await Node.AuditOf(request));
        Assert.IsType<NothingToDo>((await Node.FollowUps.RetryFailedAsync(request.Id, Given.Developer, Token)).Refusal);
    }

    [Fact]
    public async Task Retry_after_an_unknown_call_that_failed_is_judged_by_its_own_run_and_not_by_that_failure()
    {
        await Cloud.ScriptMirrorAsync("cn-north-4", 2111733, fail: true, error: "remote hung up");
        await Cloud.FaultAsync("gateway-504-after-effect", "remote-mirror", "POST");
        var request = await Given.ApprovedAsync(Node, Given.Mirror());
        await Node.WorkAsync();
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();
        var failed = await Node.ItemAsync(request);
        await Cloud.PaceAsync(mirrorSeconds: 600);
        await Cloud.ScriptMirrorAsync("cn-north-4", 2111733);

        await Node.FollowUps.RetryFailedAsync(request.Id, Given.Developer, Token);
        await Node.WorkAsync();
        var running = await Node.ItemAsync(request);
        await Cloud.AdvanceAsync(TimeSpan.FromSeconds(601));
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();

        Assert.Equal((ItemState.Failed, ProvedLight.Disproved, 1), (failed.State, failed.Proved, failed.Unknowns));
        Assert.Equal((ItemState.Observing, ProvedLight.Looking), (running.State, running.Proved));
        Assert.Equal((ItemState.Done, ProvedLight.Proved), ((await Node.ItemAsync(request)).State, (await Node.ItemAsync(request)).Proved));
    }

    [Fact]
    public async Task Retry_is_refused_after_the_approval_has_ended()
    {
        var request = await FailedAsync(Given.Rule());
        await EndApprovalAsync(request);

        Assert.IsType<ApprovalOver>((await Node.FollowUps.RetryFailedAsync(request.Id, Given.Developer, Token)).Refusal);

        Assert.Equal((ItemState.Failed, RequestState.Failed), ((await Node.ItemAsync(request)).State, (await Node.RequestAsync(request.Id)).State));
    }

    [Fact]
    public async Task Retry_by_two_people_at_the_same_moment_sends_once()
    {
        var request = await FailedAsync(Given.Rule());
        await using var second = PortalHost.On(Database, Cloud);

        var outcomes = await Task.WhenAll(
            Node.FollowUps.RetryFailedAsync(request.Id, Given.Developer, Token), second.FollowUps.RetryFailedAsync(request.Id, Given.Operator, Token));
        await Node.WorkAsync();

        Assert.Single(outcomes, outcome => outcome.IsDone);
        Assert.Equal(2, (await Node.SendsAsync(request)).Count);
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Rule().Target));
    }

    [Fact]
    public async Task Bulk_retry_takes_one_region_since_a_time_where_the_approval_holds()
    {
        var wanted = await FailedAsync(Given.Rule());
        var ended = await FailedAsync(Given.Rule("tools/busybox"));
        await EndApprovalAsync(ended);
        var earlier = await FailedAsync(Given.Rule("web/back-office"));
        await Database.OwnerAsync("update portal.request set changed_at = now() - interval '2 hours' where id = $1", earlier.Id);
        var elsewhere = await FailedAsync(new Wish("sync-mirror", Given.Mirror(3104401).With("region", "cn-east-3").Payload, "mirror:cn-east-3/3104401"));
        var since = TimeProvider.System.GetUtcNow().AddHours(-1);

        Assert.IsType<NotAllowed>((await Node.FollowUps.RetryRegionAsync("cn-north-4", since, Given.Developer, Token)).Refusal);
        Assert.Equal(1, (await Node.FollowUps.RetryRegionAsync("cn-north-4", since, Given.Operator, Token)).Value);

        Assert.Equal(ItemState.Queued, (await Node.ItemAsync(wanted)).State);
        foreach (var other in (Request[])[ended, earlier, elsewhere])
        {
            Assert.Equal(ItemState.Failed, (await Node.ItemAsync(other)).State);
        }

        Assert.Equal("request.retried", (await Node.AuditOf(wanted))[^1]);
        Assert.Equal(Given.Operator.Name, (await Node.TrailAsync(wanted))[^1].ActorName);
        Assert.Equal(0, (await Node.FollowUps.RetryRegionAsync("cn-north-4", since, Given.Operator, Token)).Value);
    }

    [Fact]
    public async Task Not_followed_is_not_looked_at_any_more_and_claims_nothing()
    {
        await Cloud.PaceAsync(mirrorSeconds: 100_000);
        var request = await Given.ApprovedAsync(Node, Given.Mirror());
        await Node.WorkAsync();

        var outcome = await Node.FollowUps.StopFollowingAsync(request.Id, "Nobody needs it", Given.Developer, Token);
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();

        Assert.Equal(RequestState.NotFollowed, outcome.Value.State);
        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.NotFollowed, SentLight.Accepted, ProvedLight.Unknown, null), (item.State, item.Sent, item.Proved, item.DueAt));
        Assert.Equal("observe.stopped", (await Node.AuditOf(request))[^1]);
        Assert.IsType<NothingToDo>((await Node.FollowUps.StopFollowingAsync(request.Id, null, Given.Developer, Token)).Refusal);
    }

    [Fact]
    public async Task Mirror_with_a_login_is_never_started_without_it()
    {
        await using var node = PortalHost.On(Database, Cloud, ("Requests:MirrorPasswords", "Sealed"), ("Requests:DayKeyFolder", Folder));
        await Cloud.FaultAsync("mirror-forbidden", method: "POST");
        var request = await Given.ApprovedAsync(node, Given.Mirror().With("loginGiven", true), login: new LoginInput("robot", "a-password-of-the-source"));
        await node.WorkAsync();

        Assert.True((await node.FollowUps.RetryFailedAsync(request.Id, Given.Developer, Token)).IsDone);
        await node.WorkAsync();

        // The login was erased when it was sent; a call without it is another call than was approved.
        Assert.Equal((ItemState.NeedsLogin, "Note.LoginNeeded"), ((await node.ItemAsync(request)).State, (await node.ItemAsync(request)).Note));
        Assert.Single(await node.SendsAsync(request));
    }

    async Task<Request> FailedAsync(Wish wish)
    {
        await Cloud.FaultAsync("swr-not-permitted", method: "POST");
        var request = await Given.ApprovedAsync(Node, wish);
        await Node.WorkAsync();
        Assert.Equal(ItemState.Failed, (await Node.ItemAsync(request)).State);
        return request;
    }

    Task EndApprovalAsync(Request request) =>
        Database.UnguardedAsync("update portal.request set approved_until = now() - interval '1 second' where id = $1", request.Id);

    // As a kind of many calls has it: another one of the same request, which went well.
    async Task AddDonePartAsync(Request request)
    {
        await Database.OwnerAsync(
            """
            insert into portal.request_item (id, request_id, part, target, lane, operation, requester_id, state, sent, proved, turn, fence, sends, looks, faults, unknowns, already_so, maybe_twice)
            select gen_random_uuid(), request_id, 'other', target || '2', lane, operation, requester_id, 'Done', 'Accepted', 'Proved', turn, 0, 1, 0, 0, 0, false, false
            from portal.request_item where request_id = $1
            """,
            request.Id);
        await Database.UnguardedAsync("update portal.request set state = 'PartlySucceeded' where id = $1", request.Id);
    }
}
