using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

/// <summary>Answers that say no, or later: the item's state, the stored HTTP and error code, and how often the thing happened.</summary>
public sealed class RefusalTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    /// <summary>Kind of wish, fault; state of the item, HTTP status, error code, sentence.</summary>
    public static TheoryData<string, string, int, string?, string> Refusals { get; } = new()
    {
        { "rule", "credential-wrong", 401, "APIGW.0301", "Note.CredentialRefused" },
        { "rule", "swr-authentication-failed", 401, "SVCSTG.SWR.4010000", "Note.CredentialRefused" },
        { "rule", "swr-not-permitted", 403, "SVCSTG.SWR.4039002", "Note.NoPermission" },
        { "rule", "not-authorized", 403, "APIGW.0302", "Note.NoPermission" },
        { "rule", "swr-namespace-missing", 404, "SVCSTG.SWR.4041061", "Note.NotFound" },
        { "rule", "api-not-found", 404, "APIGW.0101", "Note.NotFound" },
        { "rule", "redirect", 302, null, "Note.Redirected" },
        { "mirror", "credential-expired", 401, "DEV.00000003", "Note.CredentialRefused" },
        { "mirror", "membership-ended", 401, "CH.080401", "Note.NoPermission" },
        { "mirror", "mirror-forbidden", 403, "CH.004403", "Note.NoPermission" },
        { "mirror", "mirror-not-found", 404, "CH.004404", "Note.NotFound" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Clear_no_fails_the_item_at_once(string wish, string preset, int status, string? code, string note)
    {
        await Cloud.FaultAsync(preset, method: "POST", times: 9);
        var request = await Given.ApprovedAsync(Node, wish == "rule" ? Given.Rule() : Given.Mirror());

        await Node.WorkAsync();

        await AssertFailedAsync(request, status, code, note, sends: 1);
        Assert.Equal(["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.refused"], await Node.AuditOf(request));
    }

    [Theory]
    [InlineData(400, "CH.010001", "Note.Refused")]
    [InlineData(409, "CH.090409", "Note.Conflict")]
    [InlineData(413, null, "Note.Refused")]
    public async Task Other_refusals_fail_the_item_with_their_code(int status, string? code, string note)
    {
        await Cloud.FaultAsync(new { status, code, message = "It cannot be done", match = new { method = "POST" }, times = "always" });
        var request = await Given.ApprovedAsync(Node, Given.Mirror());

        await Node.WorkAsync();

        await AssertFailedAsync(request, status, code, note, sends: 1);
    }

    [Fact]
    public async Task Throttled_waits_as_asked_and_is_sent_when_the_time_has_come()
    {
        await Cloud.FaultAsync(new { preset = "throttled", headers = new Dictionary<string, string> { ["Retry-After"] = "240" }, match = new { method = "POST" } });
        var request = await Given.ApprovedAsync(Node, Given.Rule());

        await Node.WorkAsync();

        var waiting = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Queued, 429, "APIGW.0308", "Note.Throttled"), (waiting.State, waiting.HttpStatus, waiting.ErrorCode, waiting.Note));
        Assert.InRange((waiting.DueAt - waiting.SentAt)!.Value, TimeSpan.FromSeconds(240), TimeSpan.FromSeconds(300));
        Assert.Equal(RequestState.InProgress, (await Node.RequestAsync(request.Id)).State);

        await Node.PassWaitAsync(request);
        await Node.WorkAsync();

        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
        Assert.Equal([429, 200], (await Node.SendsAsync(request)).Select(send => send.HttpStatus!.Value));
        Assert.Equal(
            ["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.throttled", "dispatch.recorded", "dispatch.accepted", "observe.confirmed"],
            await Node.AuditOf(request));
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Rule().Target));
    }

    [Theory]
    [InlineData("throttled", 429, "Note.Throttled")]
    [InlineData("swr-too-many-requests", 403, "Note.Busy")]
    [InlineData("swr-busy", 409, "Note.Busy")]
    public async Task Busy_without_a_time_is_sent_again_and_given_up_after_five_sends(string preset, int status, string note)
    {
        await Cloud.FaultAsync(preset, method: "POST", times: 99);
        var request = await Given.ApprovedAsync(Node, Given.Rule());

        for (var round = 1; round <= 4; round++)
        {
            await Node.Dispatcher.DispatchNextAsync(Token);
            var item = await Node.ItemAsync(request);
            Assert.Equal((ItemState.Queued, note, round), (item.State, item.Note, item.Sends));
            Assert.NotNull(item.DueAt);
            await Node.PassWaitAsync(request);
        }

        await Node.WorkAsync();

        await AssertFailedAsync(request, status, null, note + ".GivenUp", sends: 5);
        Assert.Equal(SentLight.Refused, (await Node.ItemAsync(request)).Sent);
    }

    [Fact]
    public async Task Cloud_away_sends_nothing_and_is_tried_again()
    {
        await using var alone = PortalHost.WithoutCloud(Database);
        var request = await Given.ApprovedAsync(Node, Given.Rule());

        await alone.Dispatcher.DispatchNextAsync(Token);

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Queued, SentLight.No, "Note.NotSent", null), (item.State, item.Sent, item.Note, item.HttpStatus));
        Assert.Equal(AttemptResult.NotSent, Assert.Single(await Node.SendsAsync(request)).Result);
        Assert.Equal("connection refused", Assert.Single(await Node.SendsAsync(request)).ErrorMessage);
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();
        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Rule().Target));
    }

    [Fact]
    public async Task Cloud_away_for_long_is_given_up_as_never_sent()
    {
        await using var alone = PortalHost.WithoutCloud(Database);
        var request = await Given.ApprovedAsync(Node, Given.Rule());

        for (var round = 0; round < 5; round++)
        {
            await Node.PassWaitAsync(request);
            await alone.Dispatcher.DispatchNextAsync(Token);
        }

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Failed, SentLight.No, "Note.NotSent.GivenUp"), (item.State, item.Sent, item.Note));
        Assert.Equal(RequestState.Failed, (await Node.RequestAsync(request.Id)).State);
        Assert.Empty(await Cloud.EffectsAsync());
    }

    async Task AssertFailedAsync(Request request, int status, string? code, string note, int sends)
    {
        var stored = await Node.RequestAsync(request.Id);
        var item = stored.Items.Single();
        Assert.Equal((RequestState.Failed, ItemState.Failed, status, note), (stored.State, item.State, item.HttpStatus, item.Note));
        Assert.Null(item.DueAt);
        var all = await Node.SendsAsync(request);
        Assert.Equal(sends, all.Count);
        Assert.Equal((status, item.ErrorCode), (all[^1].HttpStatus, all[^1].ErrorCode));
        if (code is not null)
        {
            Assert.Equal(code, item.ErrorCode);
        }

        var recorded = (await Node.TrailAsync(request)).Last(row => row.Kind.StartsWith("dispatch.", StringComparison.Ordinal));
        Assert.Equal((status, item.ErrorCode), (recorded.HttpStatus, recorded.ErrorCode));
        Assert.Empty(await Cloud.EffectsAsync());
        await Node.WorkAsync();
        Assert.Equal(sends, (await Node.SendsAsync(request)).Count);
    }
}
