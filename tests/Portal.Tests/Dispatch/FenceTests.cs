using System.Text.Json.Nodes;
using Npgsql;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

/// <summary>Senders that die or come back too late.</summary>
public sealed class FenceTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Theory]
    [InlineData("rule")]
    [InlineData("mirror")]
    public async Task Sender_that_died_after_the_effect_leaves_an_unknown_that_is_proved_and_not_sent_again(string kind)
    {
        var wish = kind == "rule" ? Given.Rule() : Given.Mirror();
        var request = await Given.ApprovedAsync(Node, wish);
        var sending = await SendAndHangAsync("hold-after-effect");
        await using var survivor = PortalHost.On(Database, Cloud);

        await Node.PassLeaseAsync(request);
        Assert.False(await survivor.Dispatcher.DispatchNextAsync(Token));
        Assert.True(await survivor.Observer.ObserveNextAsync(Token));

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Unknown, SentLight.NoAnswer, "Note.SenderDied"), (item.State, item.Sent, item.Note));
        Assert.Equal(RequestState.OutcomeUnknown, (await Node.RequestAsync(request.Id)).State);
        Assert.Null(Assert.Single(await Node.SendsAsync(request)).Result);
        await survivor.WorkAsync();
        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
        Assert.Equal(
            ["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.no_answer", "observe.confirmed"], await Node.AuditOf(request));
        Assert.Equal(1, await Cloud.EffectsAsync(wish.Target));

        await Cloud.ReleaseAsync();
        Assert.True(await sending);
    }

    [Fact]
    public async Task Sender_that_died_before_the_effect_leaves_an_unknown_that_is_never_sent_again()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        var sending = await SendAndHangAsync(new { connection = "hold", applyEffect = false, status = 503, match = new { method = "POST" } });
        await using var survivor = PortalHost.On(Database, Cloud);

        await Node.PassLeaseAsync(request);
        for (var look = 0; look < 4; look++)
        {
            await survivor.WorkAsync();
            await Node.PassWaitAsync(request);
        }

        Assert.Equal(ItemState.Unknown, (await Node.ItemAsync(request)).State);
        Assert.Single(await Node.SendsAsync(request));
        await Node.PassDeadlineAsync(request);
        await survivor.WorkAsync();
        Assert.Equal((ItemState.Unknown, null), ((await Node.ItemAsync(request)).State, (await Node.ItemAsync(request)).DueAt));
        Assert.Single(await Cloud.CallsAsync(), call => call!["method"]!.GetValue<string>() == "POST");
        Assert.Empty(await Cloud.EffectsAsync());
        // What it learns in the end changes nothing.
        await Cloud.ReleaseAsync();
        Assert.True(await sending);
        Assert.Equal(ItemState.Unknown, (await Node.ItemAsync(request)).State);
    }

    [Fact]
    public async Task Answer_after_the_lease_was_lost_is_kept_and_does_not_change_the_item()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        var sending = await SendAndHangAsync(
            new { connection = "hold", applyEffect = false, status = 403, code = "SVCSTG.SWR.4039002", message = "no", match = new { method = "POST" } });
        await Node.PassLeaseAsync(request);
        Assert.True(await Node.Observer.ObserveNextAsync(Token));
        var before = await Node.ItemAsync(request);

        await Cloud.ReleaseAsync();
        Assert.True(await sending);

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Unknown, before.Fence, before.Note, null), (item.State, item.Fence, item.Note, item.HttpStatus));
        var send = Assert.Single(await Node.SendsAsync(request));
        Assert.Equal((403, AttemptResult.Refused), (send.HttpStatus, send.Result));
        Assert.Equal(
            ["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.no_answer", "dispatch.late_answer"], await Node.AuditOf(request));
    }

    [Fact]
    public async Task Answer_after_the_request_has_ended_is_kept_too()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        var sending = await SendAndHangAsync("hold-after-effect");
        await Node.PassLeaseAsync(request);
        await Node.WorkAsync();
        Assert.Equal(RequestState.Succeeded, (await Node.RequestAsync(request.Id)).State);

        await Cloud.ReleaseAsync();
        Assert.True(await sending);

        Assert.Equal((RequestState.Succeeded, ItemState.Done), ((await Node.RequestAsync(request.Id)).State, (await Node.ItemAsync(request)).State));
        Assert.Equal("dispatch.late_answer", (await Node.AuditOf(request))[^1]);
        Assert.Equal(200, Assert.Single(await Node.SendsAsync(request)).HttpStatus);
    }

    [Fact]
    public async Task Claim_whose_holder_died_before_the_attempt_is_sent_by_the_next()
    {
        var request = await Given.ApprovedAsync(Node, Given.Mirror());
        // Dies while it looks at the mirror: nothing was written, nothing was sent.
        await Cloud.FaultAsync("hold-before-effect", "remote-mirror", "GET");
        var dying = Node.Dispatcher.DispatchNextAsync(Token);
        await Cloud.WhenWaitingAsync();
        await using var survivor = PortalHost.On(Database, Cloud);

        Assert.False(await survivor.Dispatcher.DispatchNextAsync(Token));
        await Node.PassLeaseAsync(request);
        await survivor.WorkAsync();

        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
        await Cloud.ReleaseAsync();
        Assert.True(await dying);
        Assert.Single(await Node.SendsAsync(request));
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Mirror().Target));
    }

    [Theory]
    [InlineData("alter table portal.request disable trigger keep_final; update portal.request set payload = payload || '{\"targetOrganization\":\"base-images\"}'")]
    [InlineData("alter table portal.request disable trigger user; update portal.request set approved_hash = 'x'")]
    [InlineData("alter table portal.request disable trigger user; update portal.request set approved_hash = null")]
    public async Task Wish_that_is_not_the_approved_one_is_never_sent(string tampering)
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await Database.OwnerAsync(tampering);

        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Failed, SentLight.No, "Note.ChangedSinceApproval"), (item.State, item.Sent, item.Note));
        Assert.Equal(["request.submitted", "approval.granted", "dispatch.refused"], await Node.AuditOf(request));
        Assert.Empty(await Node.SendsAsync(request));
        Assert.Empty(await Cloud.EffectsAsync());
    }

    [Fact]
    public async Task Item_of_a_request_that_nobody_approved_is_never_sent()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());
        await Database.OwnerAsync("update portal.request_item set state = 'Queued', due_at = now()");

        // There is no result for a request that waits, so the tampering is a fault and no state is made up.
        await Node.Dispatcher.DispatchNextAsync(Token);

        Assert.Equal(1, (await Node.ItemAsync(request)).Faults);
        Assert.Equal(RequestState.PendingApproval, (await Node.RequestAsync(request.Id)).State);
        Assert.Empty(await Node.SendsAsync(request));
        Assert.Empty(await Cloud.EffectsAsync());
    }

    [Fact]
    public async Task Trail_that_cannot_be_written_stops_the_send()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await Database.OwnerAsync("alter table audit.event add constraint full_disk check (kind is null) not valid");

        await Node.Dispatcher.DispatchNextAsync(Token);

        Assert.Equal("Note.PortalFault", (await Node.ItemAsync(request)).Note);
        Assert.Empty(await Node.SendsAsync(request));
        Assert.Empty(await Cloud.EffectsAsync());
        await Database.OwnerAsync("alter table audit.event drop constraint full_disk");
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();
        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
    }

    [Fact]
    public async Task Complete_attempt_cannot_be_edited_and_an_open_one_only_completed()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        var sending = await SendAndHangAsync("hold-after-effect");
        string[] sent = ["method = 'GET'", "host = 'x'", "path = '/x'", "body = '{}'", "body_sha256 = 'x'", "started_at = now()", "purpose = 'Prove'", "fence = 99"];
        foreach (var change in sent)
        {
            await AssertKeptAsync(change);
        }

        await Cloud.ReleaseAsync();
        Assert.True(await sending);

        foreach (var change in sent.Concat(["result = 'Refused'", "result = null", "http_status = 500", "jid = 'x'", "response = ''", "error_code = 'x'", "duration_ms = 0"]))
        {
            await AssertKeptAsync(change);
        }

        Assert.Equal(200, Assert.Single(await Node.SendsAsync(request)).HttpStatus);

        async Task AssertKeptAsync(string change)
        {
            foreach (var source in new[] { Database.App, Database.Owner })
            {
                await using var command = source.CreateCommand($"update portal.attempt set {change} where purpose = 'Send'");
                var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Token));
                Assert.Equal((change, PostgresErrorCodes.CheckViolation), (change, refused.SqlState));
            }
        }
    }

    [Fact]
    public async Task Trail_of_a_send_names_the_call_and_its_hash_and_no_credential()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());

        await Node.WorkAsync();

        var facts = JsonNode.Parse((await Node.TrailAsync(request))[2].Raw)!["facts"]!;
        Assert.Equal("POST", (string?)facts["method"]);
        Assert.Equal(Assert.Single(await Node.SendsAsync(request)).BodySha256, (string?)facts["bodySha256"]);
        Assert.Contains("\"remoteNamespace\":\"team-a-dr\"", (string?)facts["body"], StringComparison.Ordinal);
        Assert.DoesNotContain(await Database.EverythingAsync(), row => row.Contains(SimulatorProcess.SecretKey, StringComparison.Ordinal));
    }

    Task<Task<bool>> SendAndHangAsync(string preset) => SendAndHangAsync(new { preset, match = new { method = "POST" } });

    /// <summary>A send whose call is held in the cloud; the inner task ends when it is released.</summary>
    async Task<Task<bool>> SendAndHangAsync(object fault)
    {
        await Cloud.FaultAsync(fault);
        var sending = Node.Dispatcher.DispatchNextAsync(Token);
        await Cloud.WhenWaitingAsync();
        return sending;
    }
}
