using System.Text;
using Portal.Access;
using Portal.Kinds;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Requests;

/// <summary>A password typed after the approval is in memory for seconds, goes into one call, and is stored nowhere.</summary>
public sealed class LateLoginTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    const string Password = "late-canary/pässword+91ce";

    static readonly Wish WithLogin = Given.Mirror().With("loginGiven", true);

    protected override (string Name, string Value)[] Settings => [("Requests:MirrorPasswords", "AfterApproval")];

    static LoginInput Login => new("late-canary-user", Password);

    [Fact]
    public async Task Login_typed_after_the_approval_arrives_in_the_cloud_and_is_stored_nowhere()
    {
        var request = await Given.ApprovedAsync(Node, WithLogin);
        await Node.WorkAsync();
        Assert.Equal((ItemState.NeedsLogin, "Note.LoginNeeded"), await StateAsync(request));
        Assert.Equal(RequestState.Approved, (await Node.RequestAsync(request.Id)).State);

        Assert.True((await GiveAsync(request)).IsDone);
        Assert.Equal((ItemState.Queued, "Note.LoginGiven"), await StateAsync(request));
        Assert.True(await Node.DispatchGivenAsync());
        await Node.WorkAsync();

        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
        Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(Password)), Assert.Single(await Cloud.InboxAsync()), StringComparison.Ordinal);
        Assert.Contains("***", Assert.Single(await Node.SendsAsync(request)).Body, StringComparison.Ordinal);
        Assert.Equal(
            ["request.submitted", "approval.granted", "request.login_given", "dispatch.recorded", "dispatch.accepted", "observe.confirmed"],
            await Node.AuditOf(request));
        await AssertNowhereAsync();
    }

    [Fact]
    public async Task Login_given_with_the_request_is_refused_and_not_taken()
    {
        var outcome = await Node.Requests.SubmitAsync(new SubmitInput(WithLogin.Kind, WithLogin.Payload, Given.Reason, Login), Given.Developer, Token);

        Assert.Equal("Field.LoginAfterApproval", Assert.Single(Assert.IsType<InputInvalid>(outcome.Refusal).Problems).WordKey);
        await AssertNowhereAsync();
    }

    [Fact]
    public async Task No_other_node_takes_the_call_while_this_one_has_its_login()
    {
        var request = await Given.ApprovedAsync(Node, WithLogin);
        await using var other = PortalHost.On(Database, Cloud, Settings);
        Assert.True((await GiveAsync(request)).IsDone);

        await other.WorkAsync();

        Assert.Equal(ItemState.Queued, (await Node.ItemAsync(request)).State);
        Assert.True(await Node.DispatchGivenAsync());
        Assert.Equal(1, await Cloud.EffectsAsync(WithLogin.Target));
    }

    [Fact]
    public async Task Node_that_died_with_the_login_leaves_a_request_that_asks_again_and_sent_nothing()
    {
        var request = await Given.ApprovedAsync(Node, WithLogin);
        Assert.True((await GiveAsync(request)).IsDone);
        var lost = await Node.Get<GivenLogins>().Waiting.ReadAsync(Token);
        await using var other = PortalHost.On(Database, Cloud, Settings);

        await Node.PassLeaseAsync(request);
        await other.WorkAsync();

        Assert.Equal((ItemState.NeedsLogin, "Note.LoginNeeded"), await StateAsync(request));
        Assert.Empty(await Cloud.EffectsAsync());
        Assert.True((await GiveAsync(request)).IsDone);
        // Whoever comes back late with the first one finds that the call is no longer theirs.
        Assert.Null(await Node.Get<Portal.Dispatch.ItemClaims>().ToSendAsync(lost, Token));
        Assert.True(await Node.DispatchGivenAsync());
        Assert.Equal(1, await Cloud.EffectsAsync(WithLogin.Target));
        Assert.Equal(
            ["request.submitted", "approval.granted", "request.login_given", "request.login_needed", "request.login_given", "dispatch.recorded", "dispatch.accepted"],
            await Node.AuditOf(request));
    }

    [Fact]
    public async Task Node_that_died_while_sending_leaves_an_unknown_outcome_and_no_second_call()
    {
        await Cloud.FaultAsync("hold-after-effect", "remote-mirror", "POST");
        var request = await Given.ApprovedAsync(Node, WithLogin);
        Assert.True((await GiveAsync(request)).IsDone);
        var sending = Node.DispatchGivenAsync();
        await Cloud.WhenWaitingAsync();

        await Node.PassLeaseAsync(request);
        Assert.True(await Node.Observer.ObserveNextAsync(Token));

        Assert.Equal(ItemState.Unknown, (await Node.ItemAsync(request)).State);
        Assert.IsType<StateChanged>((await GiveAsync(request)).Refusal);
        await Cloud.ClearFaultsAsync();
        await sending;
        Assert.Equal(1, await Cloud.EffectsAsync(WithLogin.Target));
    }

    [Fact]
    public async Task Call_that_failed_is_retried_with_a_login_that_is_typed_again()
    {
        await Cloud.FaultAsync("mirror-forbidden", method: "POST");
        var request = await Given.ApprovedAsync(Node, WithLogin);
        await GiveAsync(request);
        Assert.True(await Node.DispatchGivenAsync());
        Assert.Equal(ItemState.Failed, (await Node.ItemAsync(request)).State);

        Assert.True((await Node.FollowUps.RetryFailedAsync(request.Id, Given.Developer, Token)).IsDone);
        await Node.WorkAsync();
        Assert.Equal((ItemState.NeedsLogin, "Note.LoginNeeded"), await StateAsync(request));
        Assert.Equal(RequestState.InProgress, (await Node.RequestAsync(request.Id)).State);
        await GiveAsync(request);
        Assert.True(await Node.DispatchGivenAsync());
        await Node.WorkAsync();

        Assert.Equal(RequestState.Succeeded, (await Node.RequestAsync(request.Id)).State);
        await AssertNowhereAsync();
    }

    [Fact]
    public async Task Request_whose_login_never_came_ends_with_its_approval()
    {
        var waiting = await Given.ApprovedAsync(Node, WithLogin);
        await Cloud.FaultAsync("mirror-forbidden", method: "POST");
        var retried = await Given.ApprovedAsync(Node, Given.Mirror(2111734).With("loginGiven", true));
        await GiveAsync(retried);
        await Node.DispatchGivenAsync();
        await Node.FollowUps.RetryFailedAsync(retried.Id, Given.Developer, Token);
        await Node.WorkAsync();
        await Database.UnguardedAsync("update portal.request set approved_until = now() - interval '1 second' where id = any($1)", new[] { waiting.Id, retried.Id });
        Assert.IsType<ApprovalOver>((await GiveAsync(waiting)).Refusal);

        while (await Node.Get<Portal.Dispatch.ApprovalExpiry>().ExpireNextAsync(Token))
        {
        }

        Assert.Equal(RequestState.Expired, (await Node.RequestAsync(waiting.Id)).State);
        Assert.Equal("request.expired", (await Node.AuditOf(waiting))[^1]);
        Assert.Equal((ItemState.Skipped, "Note.ApprovalExpired"), await StateAsync(retried));
        Assert.Equal(RequestState.Failed, (await Node.RequestAsync(retried.Id)).State);
        Assert.Equal("dispatch.refused", (await Node.AuditOf(retried))[^1]);
    }

    [Fact]
    public async Task Only_the_requester_gives_the_login_and_only_while_it_is_waited_for()
    {
        var request = await Given.ApprovedAsync(Node, WithLogin);

        Assert.IsType<NotAllowed>((await GiveAsync(request, Given.Operator)).Refusal);
        Assert.Equal("request.give_login", System.Text.Json.Nodes.JsonNode.Parse((await Node.AloneAsync())[^1].Doc)!["facts"]!["what"]!.ToString());
        Assert.IsType<RequestNotFound>((await GiveAsync(request, Given.OtherDeveloper)).Refusal);
        Assert.IsType<RequestNotFound>((await Node.Get<GiveLoginService>().GiveAsync(Guid.CreateVersion7(), Login, Given.Developer, Token)).Refusal);
        Assert.IsType<InputInvalid>((await Node.Get<GiveLoginService>().GiveAsync(request.Id, new LoginInput("", "x"), Given.Developer, Token)).Refusal);
        Assert.True((await GiveAsync(request)).IsDone);
        Assert.IsType<StateChanged>((await GiveAsync(request)).Refusal);
        var plain = await Given.ApprovedAsync(Node, Given.Rule());
        Assert.IsType<StateChanged>((await GiveAsync(plain)).Refusal);
        await using var never = PortalHost.On(Database, Cloud);
        Assert.IsType<InputInvalid>((await never.Get<GiveLoginService>().GiveAsync(request.Id, Login, Given.Developer, Token)).Refusal);
    }

    [Fact]
    public async Task Login_is_not_taken_while_sending_is_paused()
    {
        var request = await Given.ApprovedAsync(Node, WithLogin);
        Assert.True((await Node.Lanes.PauseAsync("codeartsrepo/cn-north-4", "Maintenance", Given.Operator, Token)).IsDone);

        Assert.IsType<SendingIsPaused>((await GiveAsync(request)).Refusal);

        Assert.Equal(ItemState.NeedsLogin, (await Node.ItemAsync(request)).State);
        Assert.False(Node.Get<GivenLogins>().Waiting.TryRead(out _));
    }

    [Fact]
    public async Task Request_that_waits_for_its_login_can_be_called_off()
    {
        var request = await Given.ApprovedAsync(Node, WithLogin);

        Assert.True((await Node.FollowUps.CancelAsync(request.Id, null, Given.Developer, Token)).IsDone);

        Assert.Equal(ItemState.Skipped, (await Node.ItemAsync(request)).State);
        Assert.IsType<StateChanged>((await GiveAsync(request)).Refusal);
    }

    Task<Outcome<Request>> GiveAsync(Request request, Actor? actor = null) =>
        Node.Get<GiveLoginService>().GiveAsync(request.Id, Login, actor ?? Given.Developer, Token);

    async Task<(ItemState, string?)> StateAsync(Request request)
    {
        var item = await Node.ItemAsync(request);
        return (item.State, item.Note);
    }

    async Task AssertNowhereAsync()
    {
        foreach (var row in await Database.EverythingAsync())
        {
            Assert.DoesNotContain("late-canary", row, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Password)), row, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Password)), row, StringComparison.Ordinal);
        }
    }
}
