using Portal.Dispatch;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

/// <summary>Several workers on two nodes, and several wishes for one target.</summary>
public sealed class ManyAtOnceTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    static readonly (string Region, string Organization)[] Targets =
    [
        ("cn-east-3", "team-a-dr"), ("cn-east-3", "data-platform-dr"), ("cn-east-3", "base-images"), ("cn-south-1", "team-a-south"),
        ("cn-south-1", "mobile"), ("cn-east-2", "data-platform"), ("cn-southwest-2", "base-images"), ("ap-southeast-1", "mobile-hk"),
        ("ap-southeast-3", "mobile"), ("ap-southeast-3", "data-platform-sg"),
    ];

    static readonly string[] Repositories = ["backend/order-api", "backend/stock-worker", "web/back-office", "tools/busybox", "busybox"];

    [Fact]
    public async Task Eight_dispatchers_send_each_of_fifty_items_exactly_once()
    {
        // More calls at once than the cautious rate of appsettings.json lets through.
        (string, string)[] fast = [("Dispatch:Rates:Default:PerSecond", "1000"), ("Dispatch:Rates:Default:Burst", "1000")];
        await using var first = PortalHost.On(Database, Cloud, fast);
        await using var second = PortalHost.On(Database, Cloud, fast);
        var wishes = (from repository in Repositories from target in Targets select Given.Rule(repository, target.Region, target.Organization)).ToList();
        List<Request> requests = [];
        foreach (var batch in wishes.Chunk(10))
        {
            requests.AddRange(await Task.WhenAll(batch.Select(wish => Given.ApprovedAsync(Node, wish))));
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run((worker % 2 == 0 ? first : second).WorkAsync, Token)));

        Assert.Equal(50, requests.Count);
        foreach (var (request, wish) in requests.Zip(wishes))
        {
            Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
            Assert.Single(await Node.SendsAsync(request));
            await Node.AuditOf(request);
        }

        var effects = await Cloud.EffectsAsync();
        Assert.Equal(wishes.Select(wish => wish.Target).Order(StringComparer.Ordinal), effects.Keys.Order(StringComparer.Ordinal));
        Assert.All(effects.Values, count => Assert.Equal(1, count));
    }

    [Theory]
    [InlineData("hold-after-effect")]
    [InlineData("reset-after-effect")]
    public async Task Two_wishes_for_one_target_are_sent_one_after_the_other(string preset)
    {
        var first = await Given.ApprovedAsync(Node, Given.Rule());
        var second = await Given.ApprovedAsync(Node, Given.Rule(), Given.OtherDeveloper);
        await Cloud.FaultAsync(preset, "sync_repo", "POST");

        var sending = Node.Dispatcher.DispatchNextAsync(Token);
        await (preset.StartsWith("hold", StringComparison.Ordinal) ? Cloud.WhenWaitingAsync() : sending);
        Assert.False(await Node.Dispatcher.DispatchNextAsync(Token), "The second was taken while the first is under way.");
        Assert.Equal(ItemState.Queued, (await Node.ItemAsync(second)).State);

        await Cloud.ReleaseAsync();
        Assert.True(await sending);
        await Node.PassWaitAsync(first);
        await Node.WorkAsync();

        Assert.Equal(ItemState.Done, (await Node.ItemAsync(first)).State);
        Assert.Equal(ItemState.AlreadyThere, (await Node.ItemAsync(second)).State);
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Rule().Target));
    }

    [Fact]
    public async Task Two_mirror_starts_that_were_claimed_together_are_not_under_way_together()
    {
        var first = await Given.ApprovedAsync(Node, Given.Mirror());
        var second = await Given.ApprovedAsync(Node, Given.Mirror(), Given.OtherDeveloper);
        await Cloud.FaultAsync("hold-before-effect", "remote-mirror", "GET", times: 2);
        var one = Node.Dispatcher.DispatchNextAsync(Token);
        var other = Node.Dispatcher.DispatchNextAsync(Token);
        await Cloud.WhenWaitingAsync(2);
        // From here on every start stays without an answer.
        await Cloud.FaultAsync("hold-after-effect", "remote-mirror", "POST", times: 2);

        await Cloud.ReleaseAsync();
        Assert.True(await await Task.WhenAny(one, other));

        var items = new[] { await Node.ItemAsync(first), await Node.ItemAsync(second) };
        Assert.Equal([ItemState.Queued, ItemState.Sending], items.Select(item => item.State).Order());
        Assert.Equal("Note.TargetBusy", items.Single(item => item.State == ItemState.Queued).Note);
        await Cloud.WhenWaitingAsync();
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Mirror().Target));
        await Cloud.ReleaseAsync();
        Assert.All(await Task.WhenAll(one, other), Assert.True);
    }

    [Fact]
    public async Task Mirror_start_claimed_before_another_became_unknown_waits_for_it()
    {
        var first = await Given.ApprovedAsync(Node, Given.Mirror());
        await Given.ApprovedAsync(Node, Given.Mirror(), Given.OtherDeveloper);
        var claims = Node.Get<ItemClaims>();
        Assert.Equal(2, (await claims.ToSendAsync(2, Token)).Count);

        // The first was sent and nobody knows; the second is still claimed and about to begin.
        await Database.OwnerAsync("update portal.request_item set state = 'Unknown', due_at = now() + interval '1 minute' where request_id = $1", first.Id);

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            Database.AppAsync("update portal.request_item set state = 'Sending' where request_id <> $1", first.Id));
        Assert.Equal("item_one_under_way", refused.ConstraintName);
    }

    [Fact]
    public async Task Wish_for_a_target_whose_outcome_is_left_to_people_can_be_sent()
    {
        var first = await Given.ApprovedAsync(Node, Given.Mirror());
        await Cloud.FaultAsync("html-502", "remote-mirror", "POST");
        await Node.WorkAsync();
        await Node.PassDeadlineAsync(first);
        await Node.PassWaitAsync(first);
        await Node.WorkAsync();

        var second = await Given.ApprovedAsync(Node, Given.Mirror(), Given.OtherDeveloper);
        await Node.WorkAsync();

        Assert.Equal((ItemState.Unknown, ItemState.Done), ((await Node.ItemAsync(first)).State, (await Node.ItemAsync(second)).State));
    }

    [Fact]
    public async Task Worker_sends_what_was_approved_because_the_commit_rang_for_it()
    {
        // Its clock would look only once a minute.
        await using var worker = PortalHost.On(Database, Cloud, ("Dispatch:Enabled", "true"), ("Dispatch:PollSeconds", "60"));
        var listens = new TaskCompletionSource();
        using (worker.Changes.Subscribe(null, () => Task.FromResult(listens.TrySetResult())))
        {
            await worker.StartAsync();
            await listens.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        }

        var request = await Given.SubmittedAsync(Node, Given.Rule());
        var done = new TaskCompletionSource();
        using var follower = worker.Changes.Subscribe(request.Id, async () =>
        {
            if ((await Node.RequestAsync(request.Id)).State == RequestState.Succeeded)
            {
                done.TrySetResult();
            }
        });
        Assert.True((await Node.Approvals.ApproveAsync(request.Id, request.PayloadHash, null, Given.Approver, Token)).IsDone);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal(1, await Cloud.EffectsAsync(Given.Rule().Target));
    }
}
