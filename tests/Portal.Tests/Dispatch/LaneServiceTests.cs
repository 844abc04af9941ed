using Portal.Access;
using Portal.Dispatch;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

/// <summary>What keeps calls in the queue - a person, a breaker, a rate budget - and what lets them go on.</summary>
public sealed class LaneServiceTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    const string Swr = "swr/cn-north-4";

    [Fact]
    public async Task Paused_lane_sends_nothing_until_it_is_resumed_and_other_lanes_go_on()
    {
        var rule = await Given.ApprovedAsync(Node, Given.Rule());
        Assert.True((await Node.Lanes.PauseAsync(Swr, "SWR is being moved", Given.Operator, Token)).IsDone);
        var mirror = await Given.ApprovedAsync(Node, Given.Mirror());

        await Node.WorkAsync();

        Assert.Equal((ItemState.Queued, ItemState.Done), ((await Node.ItemAsync(rule)).State, (await Node.ItemAsync(mirror)).State));
        Assert.Empty(await Node.SendsAsync(rule));
        var row = await RowAsync(Swr);
        Assert.Equal(("Olu", "SWR is being moved", 1), (row.Lane!.PausedBy, row.Lane.PauseReason, row.Due));
        Assert.InRange(row.Lane.PausedAt!.Value, rule.SubmittedAt, mirror.SubmittedAt);

        Assert.True((await Node.Lanes.ResumeAsync(Swr, Given.Operator, Token)).IsDone);
        await Node.WorkAsync();

        Assert.Equal(ItemState.Done, (await Node.ItemAsync(rule)).State);
        Assert.Null((await RowAsync(Swr)).Lane!.PausedAt);
        Assert.Equal(["lane.paused", "lane.resumed"], (await Node.AloneAsync()).Select(row => row.Kind));
        Assert.Contains("SWR is being moved", (await Node.AloneAsync())[0].Doc, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Maintenance_stops_every_lane_and_asking_and_approving_go_on()
    {
        Assert.True((await Node.Lanes.PauseAsync(Lane.Every, "Database upgrade", Given.Operator, Token)).IsDone);

        var rule = await Given.ApprovedAsync(Node, Given.Rule());
        var mirror = await Given.ApprovedAsync(Node, Given.Mirror());
        await Node.WorkAsync();

        Assert.Equal((ItemState.Queued, ItemState.Queued), ((await Node.ItemAsync(rule)).State, (await Node.ItemAsync(mirror)).State));
        Assert.Equal("Database upgrade", (await Node.Lanes.MaintenanceAsync(Token))!.PauseReason);
        Assert.DoesNotContain(await Node.Lanes.BoardAsync(Given.Operator, Token), row => row.Name == Lane.Every);

        Assert.True((await Node.Lanes.ResumeAsync(Lane.Every, Given.Operator, Token)).IsDone);
        await Node.WorkAsync();

        Assert.Null(await Node.Lanes.MaintenanceAsync(Token));
        Assert.Equal((ItemState.Done, ItemState.Done), ((await Node.ItemAsync(rule)).State, (await Node.ItemAsync(mirror)).State));
        Assert.Equal(["maintenance.started", "maintenance.ended"], (await Node.AloneAsync()).Select(row => row.Kind));
    }

    [Fact]
    public async Task Pause_needs_a_reason_a_known_lane_and_an_operator_and_happens_once()
    {
        await Given.ApprovedAsync(Node, Given.Rule());

        Assert.IsType<InputInvalid>((await Node.Lanes.PauseAsync(Swr, " ", Given.Operator, Token)).Refusal);
        Assert.IsType<LaneNotFound>((await Node.Lanes.PauseAsync("swr/nowhere-1", "x", Given.Operator, Token)).Refusal);
        foreach (var actor in (Actor[])[Given.Developer, Given.Approver, Given.Auditor, Given.Administrator])
        {
            Assert.IsType<NotAllowed>((await Node.Lanes.PauseAsync(Swr, "x", actor, Token)).Refusal);
        }

        Assert.True((await Node.Lanes.PauseAsync(Swr, "first", Given.Operator, Token)).IsDone);
        Assert.Equal("first", (await Node.Lanes.PauseAsync(Swr, "second", Given.Operator, Token)).Value.PauseReason);
        Assert.Equal(
            ["access.denied", "access.denied", "access.denied", "access.denied", "lane.paused"], (await Node.AloneAsync()).Select(row => row.Kind));
        Assert.Empty(await Node.Lanes.BoardAsync(Given.Auditor, Token));
    }

    [Fact]
    public async Task Pause_rings_for_pages_that_show_more_than_one_request_and_for_no_single_one()
    {
        await Given.ApprovedAsync(Node, Given.Rule());
        var rung = new TaskCompletionSource();
        var listens = new TaskCompletionSource();
        using var all = Node.Changes.Subscribe(null, () => Task.FromResult(listens.TrySetResult() || rung.TrySetResult()));
        await Node.StartAsync();
        await listens.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        var single = 0;
        using var one = Node.Changes.Subscribe(Guid.CreateVersion7(), () => Task.FromResult(Interlocked.Increment(ref single)));

        await Node.Lanes.PauseAsync(Swr, "x", Given.Operator, Token);

        await rung.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(0, single);
    }

    [Fact]
    public async Task Breaker_opens_after_ten_failing_calls_and_queues_instead_of_failing_until_a_probe_closes_it()
    {
        await Cloud.FaultAsync("html-502", "sync_repo", "POST", times: 10);
        List<Request> requests = [];
        foreach (var wish in Rules(12))
        {
            requests.Add(await Given.ApprovedAsync(Node, wish));
        }

        await SendAllAsync(Node);

        var states = await StatesAsync(requests);
        Assert.Equal(10, states.Count(state => state == ItemState.Unknown));
        Assert.Equal(2, states.Count(state => state == ItemState.Queued));
        var opened = (await RowAsync(Swr)).Lane!;
        Assert.Equal((10, 10), (opened.Calls, opened.Failures));
        Assert.True(opened.OpenUntil >= opened.WindowAt + Lane.OpenFor);
        Assert.False(await Probe.ProbeNextAsync(Token), "Asked before the time had come.");

        // Still ill: it stays open.
        await PassOpenAsync();
        await Cloud.FaultAsync("html-502", "namespaces", "GET");
        Assert.True(await Probe.ProbeNextAsync(Token));
        Assert.True((await RowAsync(Swr)).Lane!.OpenUntil >= opened.OpenUntil, "It opened without having become well.");

        await PassOpenAsync();
        Assert.True(await Probe.ProbeNextAsync(Token));
        Assert.Null((await RowAsync(Swr)).Lane!.OpenUntil);
        await SendAllAsync(Node);

        Assert.DoesNotContain(ItemState.Queued, await StatesAsync(requests));
        Assert.Equal(["lane.opened", "lane.closed"], (await Node.AloneAsync()).Select(row => row.Kind));
        Assert.Equal(2, (await Cloud.EffectsAsync()).Count);
    }

    [Fact]
    public async Task Refusals_are_answers_and_open_no_breaker()
    {
        await Cloud.FaultAsync("swr-not-permitted", "sync_repo", "POST", times: 12);
        foreach (var wish in Rules(12))
        {
            await Given.ApprovedAsync(Node, wish);
        }

        await SendAllAsync(Node);

        var lane = (await RowAsync(Swr)).Lane!;
        Assert.Equal((12, 0, null), (lane.Calls, lane.Failures, lane.OpenUntil));
        Assert.Empty(await Node.AloneAsync());
    }

    [Fact]
    public async Task Rate_budget_is_one_for_all_nodes()
    {
        (string, string)[] slow = [("Dispatch:Rates:CreateImageSyncRepo:PerSecond", "0.0001"), ("Dispatch:Rates:CreateImageSyncRepo:Burst", "3")];
        await using var one = PortalHost.On(Database, Cloud, slow);
        await using var other = PortalHost.On(Database, Cloud, slow);
        List<Request> requests = [];
        foreach (var wish in Rules(5))
        {
            requests.Add(await Given.ApprovedAsync(Node, wish));
        }

        Assert.True(await one.Dispatcher.DispatchNextAsync(Token));
        Assert.True(await other.Dispatcher.DispatchNextAsync(Token));
        Assert.True(await one.Dispatcher.DispatchNextAsync(Token));
        Assert.False(await other.Dispatcher.DispatchNextAsync(Token), "The fourth call was made by a budget of three.");
        Assert.False(await one.Dispatcher.DispatchNextAsync(Token));

        Assert.Equal(2, (await StatesAsync(requests)).Count(state => state == ItemState.Queued));
        Assert.Equal(3, (await Cloud.EffectsAsync()).Count);
    }

    [Fact]
    public async Task Throttled_call_keeps_the_same_calls_of_everybody_waiting_and_the_board_says_until_when()
    {
        await Cloud.FaultAsync(new { preset = "throttled", headers = new Dictionary<string, string> { ["Retry-After"] = "240" }, match = new { method = "POST" } });
        var first = await Given.ApprovedAsync(Node, Given.Rule());
        var other = await Given.ApprovedAsync(Node, Given.Rule("tools/busybox"), Given.OtherDeveloper);

        await SendAllAsync(Node);

        Assert.Empty(await Node.SendsAsync(other));
        var row = await RowAsync(Swr);
        Assert.Equal((await Node.ItemAsync(first)).DueAt, row.ThrottledUntil);
        Assert.Equal((1, 1), (row.Due, row.Waiting));
    }

    [Fact]
    public async Task Single_call_of_one_requester_goes_before_the_hundredth_of_another()
    {
        var many = await Given.ApprovedAsync(Node, Given.Rule());
        // As if this request were a hundred calls: the same item again, each at its turn.
        await Database.OwnerAsync(
            """
            insert into portal.request_item (id, request_id, part, target, lane, operation, requester_id, state, sent, proved, due_at, turn, fence, sends, looks, faults, unknowns, already_so, maybe_twice)
            select gen_random_uuid(), request_id, 'copy ' || n, target || n, lane, operation, requester_id, state, sent, proved, due_at, turn + n * interval '1 second', 0, 0, 0, 0, 0, false, false
            from portal.request_item, generate_series(1, 99) n where request_id = $1
            """,
            many.Id);
        var single = await Given.ApprovedAsync(Node, Given.Rule("tools/busybox"), Given.OtherDeveloper);

        var claims = await Node.Get<ItemClaims>().ToSendAsync(10, Token);

        Assert.Contains(claims, claim => claim.RequestId == single.Id);
    }

    LaneProbe Probe => Node.Get<LaneProbe>();

    static IEnumerable<Wish> Rules(int count) =>
        (from repository in (string[])["backend/order-api", "backend/stock-worker", "web/back-office", "tools/busybox"]
         from target in ((string, string)[])[("cn-east-3", "team-a-dr"), ("cn-south-1", "team-a-south"), ("ap-southeast-3", "mobile")]
         select Given.Rule(repository, target.Item1, target.Item2)).Take(count);

    static async Task SendAllAsync(PortalHost node)
    {
        while (await node.Dispatcher.DispatchNextAsync(Token))
        {
        }
    }

    async Task<IReadOnlyList<ItemState>> StatesAsync(IEnumerable<Request> requests)
    {
        List<ItemState> states = [];
        foreach (var request in requests)
        {
            states.Add((await Node.ItemAsync(request)).State);
        }

        return states;
    }

    async Task<LaneRow> RowAsync(string name) => (await Node.Lanes.BoardAsync(Given.Operator, Token)).Single(row => row.Name == name);

    Task PassOpenAsync() => Database.OwnerAsync("update portal.lane set open_until = now() - interval '1 second' where open_until is not null");
}
