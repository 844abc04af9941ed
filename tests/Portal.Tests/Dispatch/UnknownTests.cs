using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

/// <summary>Without a clear answer nobody knows: the portal looks, and sends nothing again.</summary>
public sealed class UnknownTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    protected override (string Name, string Value)[] Settings => [("Huawei:TimeoutSeconds", "2")];

    /// <summary>Fault; whether the cloud did it all the same; HTTP status, error code, sentence.</summary>
    public static TheoryData<string, bool, int?, string?, string> Faults { get; } = new()
    {
        { "swr-internal", false, 500, "SVCSTG.SWR.5000001", "Note.ServerError" },
        { "swr-internal-after-effect", true, 500, "SVCSTG.SWR.5000001", "Note.ServerError" },
        { "html-502", false, 502, null, "Note.ServerError" },
        { "html-502-after-effect", true, 502, null, "Note.ServerError" },
        { "gateway-504-after-effect", true, 504, "APIGW.0201", "Note.ServerError" },
        { "iam-unavailable", false, 503, "APIGW.0613", "Note.ServerError" },
        { "empty-500", false, 500, null, "Note.ServerError" },
        { "html-200", false, 200, null, "Note.Unreadable" },
        { "truncated-json", true, 200, null, "Note.Unreadable" },
        { "huge-body", true, 200, null, "Note.Unreadable" },
        { "reset-before-effect", false, null, null, "Note.NoAnswer" },
        { "reset-after-effect", true, null, null, "Note.NoAnswer" },
        { "cut-after-effect", true, 200, null, "Note.NoAnswer" },
        { "hang-before-effect", false, null, null, "Note.NoAnswer" },
        { "hang-after-effect", true, null, null, "Note.NoAnswer" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Rule_without_a_clear_answer_is_unknown_then_looked_for_and_never_sent_twice(
        string preset, bool happened, int? status, string? code, string note)
    {
        await Cloud.FaultAsync(preset, "sync_repo", "POST");
        var request = await Given.ApprovedAsync(Node, Given.Rule());

        await Node.Dispatcher.DispatchNextAsync(Token);

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Unknown, SentLight.NoAnswer, ProvedLight.Looking), (item.State, item.Sent, item.Proved));
        Assert.Equal((status, code, note), (item.HttpStatus, item.ErrorCode, item.Note));
        Assert.Equal(RequestState.OutcomeUnknown, (await Node.RequestAsync(request.Id)).State);
        var send = Assert.Single(await Node.SendsAsync(request));
        Assert.Equal((status, code), (send.HttpStatus, send.ErrorCode));
        Assert.NotNull(send.Result);
        Assert.Equal(["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.no_answer"], await Node.AuditOf(request));

        await LookOftenAsync(request, 3);

        Assert.Single(await Node.SendsAsync(request));
        Assert.Equal(happened ? 1 : 0, await Cloud.EffectsAsync(Given.Rule().Target));
        Assert.Equal(happened ? ItemState.Done : ItemState.Unknown, (await Node.ItemAsync(request)).State);
        Assert.Equal(happened ? RequestState.Succeeded : RequestState.OutcomeUnknown, (await Node.RequestAsync(request.Id)).State);
    }

    [Theory]
    [InlineData("html-502", false)]
    [InlineData("reset-after-effect", true)]
    [InlineData("codearts-timeout", false)]
    [InlineData("truncated-json", true)]
    public async Task Mirror_without_a_clear_answer_is_unknown_then_looked_for_and_never_sent_twice(string preset, bool happened)
    {
        await Cloud.FaultAsync(preset, "remote-mirror", "POST");
        var request = await Given.ApprovedAsync(Node, Given.Mirror());

        await Node.Dispatcher.DispatchNextAsync(Token);
        Assert.Equal(ItemState.Unknown, (await Node.ItemAsync(request)).State);
        await LookOftenAsync(request, 3);

        Assert.Single(await Node.SendsAsync(request));
        Assert.Equal(happened ? 1 : 0, await Cloud.EffectsAsync(Given.Mirror().Target));
        Assert.Equal(happened ? ItemState.Done : ItemState.Unknown, (await Node.ItemAsync(request)).State);
    }

    [Fact]
    public async Task Unknown_after_the_deadline_stays_unknown_and_is_left_to_people()
    {
        await Cloud.FaultAsync("html-502", "sync_repo", "POST");
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await Node.WorkAsync();

        await Node.PassDeadlineAsync(request);
        await LookOftenAsync(request, 2);

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Unknown, ProvedLight.Unknown, "Note.NoProofInTime", null), (item.State, item.Proved, item.Note, item.DueAt));
        Assert.Equal((502, RequestState.OutcomeUnknown), (item.HttpStatus, (await Node.RequestAsync(request.Id)).State));
        Assert.Equal(
            ["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.no_answer", "observe.timed_out"], await Node.AuditOf(request));
        Assert.Single(await Node.SendsAsync(request));
        Assert.Empty(await Cloud.EffectsAsync());
    }

    [Fact]
    public async Task Accepted_without_proof_in_time_is_unknown_and_keeps_its_first_light()
    {
        await Cloud.PaceAsync(mirrorSeconds: 100_000);
        var request = await Given.ApprovedAsync(Node, Given.Mirror());
        await Node.WorkAsync();

        await Node.PassDeadlineAsync(request);
        await LookOftenAsync(request, 2);

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Unknown, SentLight.Accepted, ProvedLight.Unknown, null), (item.State, item.Sent, item.Proved, item.DueAt));
        Assert.NotNull(item.Jid);
        Assert.Equal("observe.timed_out", (await Node.AuditOf(request))[^1]);
    }

    [Theory]
    [InlineData("html-502")]
    [InlineData("swr-not-permitted")]
    [InlineData("truncated-json")]
    [InlineData("reset-before-effect")]
    public async Task Look_that_cannot_be_used_proves_nothing_and_is_made_again(string preset)
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await Cloud.FaultAsync(preset, "sync_repo", "GET");

        await Node.WorkAsync();
        var looking = await Node.ItemAsync(request);
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();

        Assert.Equal((ItemState.Observing, "Proof.CouldNotRead", 1), (looking.State, looking.Note, looking.Looks));
        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
    }

    async Task LookOftenAsync(Request request, int times)
    {
        for (var look = 0; look < times; look++)
        {
            await Node.PassWaitAsync(request);
            await Node.WorkAsync();
        }
    }
}
