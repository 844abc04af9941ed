using System.Text.Json.Nodes;
using Portal.Huawei;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

public sealed class HappyPathTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Rule_is_sent_once_accepted_and_proved()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());

        await Node.WorkAsync();

        var stored = await Node.RequestAsync(request.Id);
        var item = stored.Items.Single();
        Assert.Equal((RequestState.Succeeded, ItemState.Done), (stored.State, item.State));
        Assert.Equal((SentLight.Accepted, ProvedLight.Proved, 200, "Proof.RuleListed"), (item.Sent, item.Proved, item.HttpStatus, item.Note));
        Assert.Null(item.DueAt);
        Assert.Null(item.LeaseUntil);
        Assert.Contains("\"ruleId\"", item.Evidence, StringComparison.Ordinal);
        var send = Assert.Single(await Node.SendsAsync(request));
        Assert.Equal(("POST", 200, AttemptResult.Accepted), (send.Method, send.HttpStatus, send.Result));
        Assert.EndsWith("/v2/manage/namespaces/team-a/repos/backend$order-api/sync_repo", send.Path, StringComparison.Ordinal);
        Assert.Equal(Cloud.Address.Authority, send.Host);
        Assert.False(string.IsNullOrEmpty(send.CloudRequestId));
        Assert.Equal(["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.accepted", "observe.confirmed"], await Node.AuditOf(request));
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Rule().Target));
    }

    [Fact]
    public async Task Mirror_is_sent_once_and_its_jid_stands_in_attempt_item_and_trail()
    {
        var request = await Given.ApprovedAsync(Node, Given.Mirror());

        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Done, SentLight.Accepted, ProvedLight.Proved), (item.State, item.Sent, item.Proved));
        Assert.False(string.IsNullOrEmpty(item.Jid));
        Assert.Equal(item.Jid, Assert.Single(await Node.SendsAsync(request)).Jid);
        Assert.Equal([AttemptPurpose.Baseline, AttemptPurpose.Send, AttemptPurpose.Prove], (await Node.AttemptsAsync(request)).Select(attempt => attempt.Purpose));
        var accepted = Assert.Single(await Node.TrailAsync(request), row => row.Kind == "dispatch.accepted");
        Assert.Equal((item.Jid, 200), (accepted.Jid, accepted.HttpStatus));
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Mirror().Target));
    }

    [Theory]
    [InlineData("keep-copying")]
    [InlineData("sync-mirror")]
    public async Task Attempt_and_intent_are_committed_before_the_cloud_is_called(string kind)
    {
        var request = await Given.ApprovedAsync(Node, kind == "keep-copying" ? Given.Rule() : Given.Mirror());
        await Cloud.FaultAsync("hold-before-effect", method: "POST");

        var sending = Node.Dispatcher.DispatchNextAsync(Token);
        await Cloud.WhenWaitingAsync();

        var attempt = Assert.Single(await Node.SendsAsync(request));
        Assert.Equal((null, null, null), (attempt.Result, attempt.HttpStatus, attempt.DurationMs));
        Assert.Equal(64, attempt.BodySha256.Length);
        var stored = await Node.RequestAsync(request.Id);
        var item = stored.Items.Single();
        Assert.Equal((RequestState.InProgress, ItemState.Sending, SentLight.Sending, 1), (stored.State, item.State, item.Sent, item.Sends));
        Assert.True(item.LeaseUntil > item.SentAt + TimeSpan.FromSeconds(30), "The lease ends before the call can.");
        Assert.Equal(["request.submitted", "approval.granted", "dispatch.recorded"], await Node.AuditOf(request));
        Assert.Empty(await Cloud.EffectsAsync());
        Assert.Equal(0, await Database.ValueAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'"));

        await Cloud.ReleaseAsync();
        Assert.True(await sending);
        Assert.Equal(AttemptResult.Accepted, Assert.Single(await Node.SendsAsync(request)).Result);
    }

    [Fact]
    public async Task Nothing_is_due_before_the_approval()
    {
        await Given.SubmittedAsync(Node, Given.Rule());

        Assert.False(await Node.Dispatcher.DispatchNextAsync(Token));
        Assert.False(await Node.Observer.ObserveNextAsync(Token));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    public async Task Rule_that_somebody_else_made_meanwhile_is_already_there(int status)
    {
        await Cloud.DuplicateStatusAsync(status);
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await MakeRuleAsync(overwrite: false);

        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.AlreadyThere, SentLight.Refused, ProvedLight.Proved, status), (item.State, item.Sent, item.Proved, item.HttpStatus));
        Assert.Equal(RequestState.Succeeded, (await Node.RequestAsync(request.Id)).State);
        Assert.Equal(["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.refused", "observe.nochange"], await Node.AuditOf(request));
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Rule().Target));
    }

    [Fact]
    public async Task Rule_that_somebody_else_made_differently_fails_with_the_difference()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await MakeRuleAsync(overwrite: true);

        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Failed, ProvedLight.Disproved, "Proof.RuleDiffers"), (item.State, item.Proved, item.Note));
        Assert.True((bool)JsonNode.Parse(item.Evidence!)!["override"]!);
        Assert.Equal(RequestState.Failed, (await Node.RequestAsync(request.Id)).State);
    }

    [Fact]
    public async Task Rule_without_automatic_copying_is_done_and_cannot_be_read_back()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule(syncAuto: false));

        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Done, SentLight.Accepted, ProvedLight.CannotBeRead), (item.State, item.Sent, item.Proved));
        Assert.Equal(RequestState.Succeeded, (await Node.RequestAsync(request.Id)).State);
    }

    [Fact]
    public async Task Mirror_that_runs_longer_is_proved_when_it_ends()
    {
        await Cloud.PaceAsync(mirrorSeconds: 600);
        var request = await Given.ApprovedAsync(Node, Given.Mirror());

        await Node.WorkAsync();
        var looking = await Node.ItemAsync(request);
        await Cloud.AdvanceAsync(TimeSpan.FromSeconds(601));
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();

        Assert.Equal((ItemState.Observing, ProvedLight.Looking), (looking.State, looking.Proved));
        Assert.NotNull(looking.DueAt);
        Assert.Equal((ItemState.Done, ProvedLight.Proved), ((await Node.ItemAsync(request)).State, (await Node.ItemAsync(request)).Proved));
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Mirror().Target));
    }

    [Fact]
    public async Task Mirror_whose_run_fails_is_failed_with_the_clouds_words()
    {
        await Cloud.ScriptMirrorAsync("cn-north-4", 2111733, fail: true, error: "fatal: could not read from https://robot:hidden-word@git.example.com/");
        var request = await Given.ApprovedAsync(Node, Given.Mirror());

        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Failed, SentLight.Accepted, ProvedLight.Disproved, "Proof.MirrorFailed"), (item.State, item.Sent, item.Proved, item.Note));
        Assert.Contains("could not read", item.Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain(await Database.EverythingAsync(), row => row.Contains("hidden-word", StringComparison.Ordinal));
        Assert.Equal("observe.failed", (await Node.AuditOf(request))[^1]);
    }

    [Fact]
    public async Task Mirror_start_without_a_jid_is_observed_all_the_same()
    {
        await Cloud.FaultAsync(new { bodyFault = "empty", match = new { method = "POST" } });
        var request = await Given.ApprovedAsync(Node, Given.Mirror());

        await Node.Dispatcher.DispatchNextAsync(Token);
        var item = await Node.ItemAsync(request);
        await Node.WorkAsync();

        Assert.Equal((ItemState.Observing, "Note.AcceptedWithoutReceipt", null), (item.State, item.Note, item.Jid));
        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
    }

    async Task MakeRuleAsync(bool overwrite) => Assert.True((await Node.Get<CloudClient>().SendAsync(
        Swr.CreateRule("cn-north-4", "team-a", "backend/order-api", new SyncTarget("cn-east-3", "team-a-dr"), syncAuto: true, overwrite), Token)).IsSuccess);
}
