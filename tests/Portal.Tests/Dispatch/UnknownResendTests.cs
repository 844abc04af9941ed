using Portal.Dispatch;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

/// <summary>Calls of which the cloud shows no sign: sent again only where that harms nobody, and never without end.</summary>
public sealed class UnknownResendTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Rule_that_was_absent_twice_some_time_apart_is_sent_again_once_and_flagged()
    {
        var request = await UnknownAsync(Given.Rule());

        await LookAsync(request);
        Assert.Equal(ItemState.Unknown, (await Node.ItemAsync(request)).State);
        Assert.Single(await Node.SendsAsync(request));

        await PassResendAsync(request);
        await LookAsync(request);

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Done, ProvedLight.Proved, true), (item.State, item.Proved, item.MaybeTwice));
        Assert.Equal([502, 200], (await Node.SendsAsync(request)).Select(send => send.HttpStatus!.Value));
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Rule().Target));
        Assert.Equal(
            [
                "request.submitted", "approval.granted", "dispatch.recorded", "dispatch.no_answer", "dispatch.repeated", "dispatch.recorded",
                "dispatch.accepted", "observe.confirmed",
            ],
            await Node.AuditOf(request));
    }

    [Fact]
    public async Task Mirror_that_did_not_begin_is_sent_again_and_one_that_began_is_not()
    {
        var request = await UnknownAsync(Given.Mirror(), "remote-mirror");
        await LookAsync(request);
        await PassResendAsync(request);
        await LookAsync(request);

        Assert.Equal(2, (await Node.SendsAsync(request)).Count);
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Mirror().Target));

        await Cloud.PaceAsync(mirrorSeconds: 100_000);
        var begun = await UnknownAsync(Given.Mirror(2111738), "remote-mirror", "html-502-after-effect");
        await LookAsync(begun);
        await PassResendAsync(begun);
        await LookAsync(begun);

        Assert.Single(await Node.SendsAsync(begun));
        Assert.Equal((ItemState.Unknown, false), ((await Node.ItemAsync(begun)).State, (await Node.ItemAsync(begun)).MaybeTwice));
    }

    [Fact]
    public async Task Call_that_overwrites_is_left_to_a_person()
    {
        var request = await UnknownAsync(Given.Rule(overwrite: true));

        await LookAsync(request);
        await PassResendAsync(request);
        await LookAsync(request);

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Unknown, "Note.NotBegun.AskPerson", true), (item.State, item.Note, item.NeedsPerson));
        Assert.Single(await Node.SendsAsync(request));
        Assert.Equal("observe.timed_out", (await Node.AuditOf(request))[^1]);
        Assert.Single(await Node.OutcomeDesk.RowsAsync(Given.Operator, Token));
    }

    [Fact]
    public async Task Fifth_unclear_answer_in_a_row_parks_the_call_for_a_person()
    {
        await Cloud.FaultAsync("html-502", "sync_repo", "POST", times: 9);
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        for (var round = 0; round < 6; round++)
        {
            await LookAsync(request);
            await PassResendAsync(request);
            await LookAsync(request);
        }

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Parked, "Note.Parked.Unknowns", ProvedLight.Unknown), (item.State, item.Note, item.Proved));
        Assert.Equal(Observer.MostUnknowns, (await Node.SendsAsync(request)).Count);
        Assert.Equal(RequestState.OutcomeUnknown, (await Node.RequestAsync(request.Id)).State);
        Assert.Equal("dispatch.parked", (await Node.AuditOf(request))[^1]);
        Assert.Single(await Node.OutcomeDesk.RowsAsync(Given.Operator, Token));
        Assert.Empty(await Cloud.EffectsAsync());
    }

    async Task<Request> UnknownAsync(Wish wish, string path = "sync_repo", string preset = "html-502")
    {
        await Cloud.FaultAsync(preset, path, "POST");
        var request = await Given.ApprovedAsync(Node, wish);
        await Node.WorkAsync();
        Assert.Equal(ItemState.Unknown, (await Node.ItemAsync(request)).State);
        return request;
    }

    async Task LookAsync(Request request)
    {
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();
    }

    Task PassResendAsync(Request request) => Database.OwnerAsync(
        "update portal.request_item set not_begun_since = not_begun_since - interval '10 minutes' where request_id = $1", request.Id);
}
