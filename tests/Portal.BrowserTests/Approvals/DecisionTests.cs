namespace Portal.BrowserTests.Approvals;

/// <summary>What is not agreed to is never sent, and nobody agrees to their own wish.</summary>
public sealed class DecisionTests(PortalFixture fixture) : BrowserTest(fixture)
{
    [Fact]
    public async Task Denying_needs_a_reason_and_a_denied_request_is_never_sent()
    {
        var developer = await SignInAsync("Developer");
        await developer.Page.FillRuleAsync("team-a/backend/stock-worker", "cn-east-3", "team-a-dr");
        var request = await developer.Page.SubmitAsync();
        var approver = await SignInAsync("Approver", $"/approvals/{request}");

        await approver.Page.Button("Deny").ClickAsync();
        await Expect(approver.Page.Problem("Comment")).ToHaveTextAsync("This is needed.");
        await Expect(developer.Page.GetByText("Waiting for an approval")).ToBeVisibleAsync();

        await approver.Page.Field("Comment").FillAsync("The other site is being closed.");
        await approver.Page.Button("Deny").ClickAsync();
        await Expect(approver.Page.GetByText("Denied by Ari Approver")).ToBeVisibleAsync();
        await Expect(approver.Page.Button("Approve")).ToHaveCountAsync(0);
        await Expect(approver.Page.Button("Check again")).ToHaveCountAsync(0);
        await Expect(developer.Page.GetByText("An approver said no.")).ToBeVisibleAsync();
        await Expect(developer.Page.GetByText("The other site is being closed.").First).ToBeVisibleAsync();
        await IsNeverSentAsync(request, "Rejected", "rule:cn-north-4/team-a/backend/stock-worker->cn-east-3/team-a-dr");
    }

    [Fact]
    public async Task Withdrawn_request_is_never_sent_and_can_no_longer_be_approved()
    {
        var developer = await SignInAsync("Developer");
        await developer.Page.FillRuleAsync("team-a/web/back-office", "cn-east-3", "team-a-dr");
        var request = await developer.Page.SubmitAsync();
        var approver = await SignInAsync("Approver", $"/approvals/{request}");
        await Expect(approver.Page.Button("Approve")).ToBeVisibleAsync();

        await developer.Page.Button("Withdraw").ClickAsync();
        await developer.Page.Button("Withdraw request").ClickAsync();

        await Expect(developer.Page.GetByText("The requester took it back.")).ToBeVisibleAsync();
        await Expect(developer.Page.Button("Withdraw")).ToHaveCountAsync(0);
        await Expect(approver.Page.Button("Approve")).ToHaveCountAsync(0);
        await IsNeverSentAsync(request, "Withdrawn", "rule:cn-north-4/team-a/web/back-office->cn-east-3/team-a-dr");
    }

    [Fact]
    public async Task Approver_who_asked_reads_why_they_cannot_approve_and_somebody_else_has_to()
    {
        var approver = await SignInAsync("Approver");
        await approver.Page.FillRuleAsync("team-a/tools/busybox", "cn-east-3", "team-a-dr");
        var request = await approver.Page.SubmitAsync();

        await Expect(approver.Page.GetByRole(AriaRole.Link, new() { Name = "Review", Exact = true })).ToHaveCountAsync(0);
        await approver.Page.GotoAsync($"/approvals/{request}");
        await Expect(approver.Page.GetByText("You asked for this yourself, so somebody else decides.")).ToBeVisibleAsync();
        await Expect(approver.Page.Button("Approve")).ToHaveCountAsync(0);
        await Expect(approver.Page.Button("Deny")).ToHaveCountAsync(0);
        await approver.Page.GotoAsync("/approvals");
        await approver.Page.Locator("h1").WaitForAsync();
        await Expect(approver.Page.Locator($"a[href='/approvals/{request}']")).ToHaveCountAsync(0);
        Assert.Equal("PendingApproval", await Database.ValueAsync<string>("select state from portal.request where id = $1", request));
        Assert.Equal(0, await Simulator.EffectsAsync("rule:cn-north-4/team-a/tools/busybox->cn-east-3/team-a-dr"));
    }

    [Fact]
    public async Task People_without_the_permission_cannot_decide_and_do_not_see_requests_of_others()
    {
        var developer = await SignInAsync("Developer");
        await developer.Page.FillRuleAsync("base-images/nginx", "cn-east-3", "base-images");
        var request = await developer.Page.SubmitAsync();

        await developer.Page.GotoAsync("/approvals");
        await Expect(developer.Page.GetByText("Approvals are for approvers")).ToBeVisibleAsync();
        var auditor = await SignInAsync("Auditor", $"/approvals/{request}");
        await Expect(auditor.Page.GetByText("Only approvers decide on requests.")).ToBeVisibleAsync();
        await Expect(auditor.Page.Button("Approve")).ToHaveCountAsync(0);

        var approver = await SignInAsync("Approver");
        await approver.Page.FillRuleAsync("base-images/python", "cn-east-3", "base-images");
        var theirs = await approver.Page.SubmitAsync();
        await developer.Page.GotoAsync($"/requests/{theirs}");
        await Expect(developer.Page.GetByText("There is no such request")).ToBeVisibleAsync();
        Assert.All(developer.TakeTrouble(), line => Assert.Contains("404", line, StringComparison.Ordinal));
    }

    // Skipped and without a time to look at it, the item is in no queue: no later moment sends it.
    async Task IsNeverSentAsync(Guid request, string state, string target)
    {
        Assert.Equal(state, await Database.ValueAsync<string>("select state from portal.request where id = $1", request));
        Assert.Equal(
            1L, await Database.ValueAsync<long>("select count(*) from portal.request_item where request_id = $1 and state = 'Skipped' and due_at is null", request));
        Assert.Equal(0L, await Database.ValueAsync<long>("select count(*) from portal.attempt where request_id = $1", request));
        Assert.Equal(0, await Simulator.EffectsAsync(target));
    }
}
