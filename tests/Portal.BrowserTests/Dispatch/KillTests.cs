using Portal.Tests.Support;

namespace Portal.BrowserTests.Dispatch;

/// <summary>The portal dies while its calls are at the cloud and no answer has come back.</summary>
public sealed class KillTests(PortalFixture fixture) : BrowserTest(fixture)
{
    /// <summary>A call that is held at the cloud: before it took effect, or after.</summary>
    sealed record Held(string Wish, string Preset, string Target, int Effects)
    {
        public Guid Request { get; set; }
    }

    readonly Held[] calls =
    [
        new("data-platform/notebook", "hold-before-effect", "rule:cn-north-4/data-platform/notebook->cn-east-3/data-platform-dr", 0),
        new("data-platform/feature_store", "hold-after-effect", "rule:cn-north-4/data-platform/feature_store->cn-east-3/data-platform-dr", 1),
        new("2111734", "hold-before-effect", "mirror:cn-north-4/2111734", 0),
        new("2111733", "hold-after-effect", "mirror:cn-north-4/2111733", 1),
    ];

    PortalDatabase? database;
    SimulatorProcess? simulator;
    PortalProcess? portal;

    /// <inheritdoc />
    protected override PortalProcess Portal => portal!;

    /// <inheritdoc />
    protected override PortalDatabase Database => database!;

    /// <inheritdoc />
    protected override SimulatorProcess Simulator => simulator!;

    /// <inheritdoc />
    public override async ValueTask InitializeAsync()
    {
        database = await PortalDatabase.CreateAsync();
        simulator = await SimulatorProcess.StartAsync("--Simulator:JobSeconds=0", "--Simulator:MirrorSeconds=0");
        // A short time-out makes a short lease: four times as long.
        // Sending again after two looks is for the fault suite; on a slow machine it would come while this test still reads its pages.
        portal = await PortalProcess.StartAsync(database, simulator, ("Huawei__TimeoutSeconds", "5"), ("Dispatch__ResendAfterSeconds", "3600"));
    }

    [Fact]
    public async Task Calls_under_way_when_the_portal_is_killed_become_unknown_are_looked_at_and_never_sent_again()
    {
        var developer = await SignInAsync("Developer");
        foreach (var call in calls)
        {
            await (int.TryParse(call.Wish, out var mirror)
                ? developer.Page.FillMirrorAsync(mirror)
                : developer.Page.FillRuleAsync(call.Wish, "cn-east-3", "data-platform-dr"));
            call.Request = await developer.Page.SubmitAsync();
            await Simulator.FaultAsync(call.Preset, call.Wish[(call.Wish.IndexOf('/', StringComparison.Ordinal) + 1)..], "POST");
        }

        await developer.Page.GotoAsync($"/requests/{calls[0].Request}");
        await ApproveAllAtOnceAsync();
        await Simulator.WhenWaitingAsync(calls.Length);
        foreach (var call in calls)
        {
            Assert.Equal(["Send "], await AttemptsAsync(call, "Send"));
        }

        await Portal.KillAsync();
        await Simulator.ClearFaultsAsync();
        await Portal.StartAgainAsync();

        // The page that was open all the while says that it is out of date, and leads on.
        await developer.Page.GetByText("This page has expired").WaitForAsync(new() { Timeout = 60_000 });
        developer.TakeTrouble();
        await developer.Page.Button("Load the page anew").ClickAsync();
        await Expect(developer.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Outcome unknown" })).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        await Expect(developer.Page.GetByText("The portal stopped while the call was on its way.").First).ToBeVisibleAsync();
        foreach (var call in calls)
        {
            await IsLookedAtAndNotSentAgainAsync(developer, call);
        }
    }

    // On pages that are open already, so that all four are on their way before the first one's time is over.
    async Task ApproveAllAtOnceAsync()
    {
        List<Person> approvers = [];
        foreach (var call in calls)
        {
            var approver = await SignInAsync("Approver", $"/approvals/{call.Request}");
            await approver.Page.Button("Approve").WaitForAsync();
            approvers.Add(approver);
        }

        foreach (var approver in approvers)
        {
            await approver.Page.Button("Approve").ClickAsync();
        }

        foreach (var approver in approvers)
        {
            await Expect(approver.Page.GetByText("Approved by Ari Approver")).ToBeVisibleAsync();
            await approver.Page.GotoAsync("about:blank");
        }
    }

    async Task IsLookedAtAndNotSentAgainAsync(Person developer, Held call)
    {
        await developer.Page.GotoAsync($"/requests/{call.Request}");
        await Expect(developer.Page.GetByText("Look for proof").First).ToBeVisibleAsync();
        var state = call.Effects == 0 ? "Outcome unknown" : "Succeeded";
        await Expect(developer.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = state })).ToHaveCountAsync(1);
        await Expect(developer.Page.Light("Sent", "no clear answer")).ToBeVisibleAsync();
        await Expect(developer.Page.Light("Proved", call.Effects == 0 ? "looking" : "proved")).ToBeVisibleAsync();

        Assert.Equal(["Send "], await AttemptsAsync(call, "Send"));
        Assert.Contains("Prove Accepted", await AttemptsAsync(call, "Prove"));
        Assert.Equal(call.Effects, await Simulator.EffectsAsync(call.Target));
        Assert.Equal(
            ["dispatch.recorded", "dispatch.no_answer", .. call.Effects == 0 ? Array.Empty<string>() : ["observe.confirmed"]],
            (await Database.RowsAsync("select kind from audit.event where request_id = $1 order by seq offset 2", call.Request)).Select(row => (string)row[0]!));
    }

    // The result is NULL as long as no answer is recorded.
    async Task<string[]> AttemptsAsync(Held call, string purpose) =>
        [.. (await Database.RowsAsync("select purpose, result from portal.attempt where request_id = $1 and purpose = $2", call.Request, purpose))
            .Select(row => $"{row[0]} {row[1]}")];

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await base.DisposeAsync();
        }
        finally
        {
            foreach (var part in new IAsyncDisposable?[] { portal, simulator, database }.OfType<IAsyncDisposable>())
            {
                await part.DisposeAsync();
            }
        }
    }
}
