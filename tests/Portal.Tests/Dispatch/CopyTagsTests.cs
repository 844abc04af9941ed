using Portal.Kinds;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

/// <summary>Copying tags, the whole way: one call, one outcome and one proof per tag.</summary>
public sealed class CopyTagsTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Each_tag_is_sent_once_and_proved_by_its_own_copy()
    {
        await Cloud.PaceAsync(jobSeconds: 0);
        var request = await Given.ApprovedAsync(Node, Given.CopyTags());

        await Node.WorkAsync();

        var stored = await Node.RequestAsync(request.Id);
        Assert.Equal(RequestState.Succeeded, stored.State);
        Assert.Equal(["2.19.0", "2.19.1"], stored.Items.Select(item => item.Part).Order(StringComparer.Ordinal));
        Assert.All(stored.Items, item => Assert.Equal(
            (ItemState.Done, SentLight.Accepted, ProvedLight.Proved, "Proof.TagCopied", Attribution.Exact, false),
            (item.State, item.Sent, item.Proved, item.Note, item.Attribution, item.MaybeTwice)));
        Assert.Equal((1, 1), (await EffectsAsync("2.19.0"), await EffectsAsync("2.19.1")));
        Assert.Equal(2, (await Node.SendsAsync(request)).Count);
        Assert.Equal(
            ["approval.granted", "dispatch.accepted", "dispatch.accepted", "dispatch.recorded", "dispatch.recorded", "observe.confirmed", "observe.confirmed", "request.submitted"],
            (await Node.AuditOf(request)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Tag_that_the_cloud_refuses_fails_and_the_others_are_copied()
    {
        await Cloud.PaceAsync(jobSeconds: 0);
        await Cloud.FaultAsync(new { status = 400, code = "SVCSTG.SWR.4000014", message = "no", match = new { method = "POST", pathContains = "sync_images" } });
        var request = await Given.ApprovedAsync(Node, Given.CopyTags());

        await Node.WorkAsync();

        var stored = await Node.RequestAsync(request.Id);
        Assert.Equal(RequestState.PartlySucceeded, stored.State);
        Assert.Equal([ItemState.Done, ItemState.Failed], stored.Items.Select(item => item.State).Order());
        Assert.Equal(1, await EffectsAsync("2.19.0") + await EffectsAsync("2.19.1"));
    }

    [Fact]
    public async Task Tag_that_moved_between_approval_and_sending_is_not_sent()
    {
        await Cloud.PaceAsync(jobSeconds: 0);
        var request = await Given.ApprovedAsync(Node, Given.CopyTags());
        await Cloud.PushAsync("cn-north-4", "team-a", "backend/order-api", "2.19.1");

        await Node.WorkAsync();

        var items = (await Node.RequestAsync(request.Id)).Items.ToDictionary(item => item.Part);
        Assert.Equal((ItemState.Done, ItemState.Failed), (items["2.19.0"].State, items["2.19.1"].State));
        Assert.Equal(("Note.ChangedSinceApproval", SentLight.No), (items["2.19.1"].Note, items["2.19.1"].Sent));
        Assert.Equal((1, 0), (await EffectsAsync("2.19.0"), await EffectsAsync("2.19.1")));
        Assert.Contains("dispatch.refused", await Node.AuditOf(request));
    }

    [Fact]
    public async Task Copy_toward_an_organization_that_does_not_exist_is_accepted_and_never_proved()
    {
        await Cloud.PaceAsync(jobSeconds: 0);
        await Cloud.FaultAsync(new { status = 500, match = new { method = "GET", pathContains = "namespaces/nobody" }, times = 2 });
        var request = await Given.ApprovedAsync(Node, Given.CopyTags(["2.19.0"], targetOrganization: "nobody"));

        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Failed, SentLight.Accepted, ProvedLight.Disproved, "Proof.CopyFailed"), (item.State, item.Sent, item.Proved, item.Note));
    }

    [Fact]
    public async Task Rule_toward_an_organization_that_does_not_exist_is_listed_and_never_proved()
    {
        await Cloud.FaultAsync(new { status = 500, match = new { method = "GET", pathContains = "namespaces/nobody" }, times = 2 });
        var request = await Given.ApprovedAsync(Node, Given.Rule(targetOrganization: "nobody"));

        await Node.WorkAsync();
        var unread = await Node.ItemAsync(request);
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Observing, ProvedLight.Looking, "Proof.CouldNotRead"), (unread.State, unread.Proved, unread.Note));
        Assert.Equal((ItemState.Failed, SentLight.Accepted, ProvedLight.Disproved, "Proof.RuleWithoutTarget"), (item.State, item.Sent, item.Proved, item.Note));
    }

    [Theory]
    [InlineData(true, ItemState.Done, "Proof.TagCopied", RequestState.Succeeded)]
    [InlineData(false, ItemState.Failed, "Proof.TagNotReplaced", RequestState.Failed)]
    public async Task Other_content_under_the_same_tag_is_replaced_only_where_that_was_asked_for(bool overwrite, ItemState state, string note, RequestState result)
    {
        await Cloud.PaceAsync(jobSeconds: 0);
        await Cloud.PushAsync("cn-east-3", "team-a-dr", "backend/payment-api", "latest");
        var request = await Given.ApprovedAsync(Node, Given.CopyTags(["latest"], "backend/payment-api", overwrite: overwrite));

        await Node.WorkAsync();

        var stored = await Node.RequestAsync(request.Id);
        Assert.Equal((state, note, result), (stored.Items[0].State, stored.Items[0].Note, stored.State));
    }

    [Fact]
    public async Task Tag_that_is_there_with_the_same_content_was_there_already()
    {
        await Cloud.PaceAsync(jobSeconds: 0);
        var request = await Given.ApprovedAsync(Node, Given.CopyTags(["latest"], "backend/payment-api"));

        await Node.WorkAsync();

        Assert.Equal((ItemState.AlreadyThere, "Proof.TagWasThere"), ((await Node.ItemAsync(request)).State, (await Node.ItemAsync(request)).Note));
        Assert.Equal("observe.nochange", (await Node.AuditOf(request))[^1]);
    }

    [Fact]
    public async Task Copy_whose_answer_was_lost_is_found_and_not_repeated()
    {
        await Cloud.PaceAsync(jobSeconds: 0);
        await Cloud.FaultAsync("reset-after-effect", method: "POST");
        var request = await Given.ApprovedAsync(Node, Given.CopyTags(["2.19.0"]));

        await Node.WorkAsync();
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Done, "Proof.TagCopied", Attribution.Exact), (item.State, item.Note, item.Attribution));
        Assert.Equal(1, await EffectsAsync("2.19.0"));
        Assert.Single(await Node.SendsAsync(request));
    }

    [Fact]
    public async Task Copy_that_takes_long_is_proved_when_it_ends()
    {
        await Cloud.PaceAsync(jobSeconds: 600);
        var request = await Given.ApprovedAsync(Node, Given.CopyTags(["2.19.0"]));

        await Node.WorkAsync();
        var looking = await Node.ItemAsync(request);
        await Cloud.AdvanceAsync(TimeSpan.FromSeconds(601));
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();

        Assert.Equal((ItemState.Observing, ProvedLight.Looking, "Proof.CopyRunning"), (looking.State, looking.Proved, looking.Note));
        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
    }

    Task<int> EffectsAsync(string tag) => Cloud.EffectsAsync($"{Given.CopyTags().Target}:{tag}");
}
