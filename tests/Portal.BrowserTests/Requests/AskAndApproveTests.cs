using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Portal.BrowserTests.Requests;

/// <summary>The main job, as people do it: ask, decide, watch, find.</summary>
public sealed class AskAndApproveTests(PortalFixture fixture) : BrowserTest(fixture)
{
    [Fact]
    public async Task Rule_asked_for_and_approved_is_sent_once_and_proved_on_the_open_page()
    {
        const string Target = "rule:cn-north-4/team-a/backend/order-api->cn-east-3/team-a-dr";
        var developer = await SignInAsync("Developer");
        await developer.Page.FillRuleAsync("team-a/backend/order-api", "cn-east-3", "team-a-dr");
        var request = await developer.Page.SubmitAsync();
        await Expect(developer.Page.GetByText("Waiting for approval").First).ToBeVisibleAsync();
        Assert.Equal(0, await Simulator.EffectsAsync(Target));

        await ApproveAndWatchAsync(developer, request);

        Assert.Equal(1, await Simulator.EffectsAsync(Target));
        // Two looks prove a rule: the list of rules, and the organization that it copies to.
        Assert.Equal(
            ["Send Accepted 200", "Prove Accepted 200", "Prove Accepted 200"],
            (await Database.RowsAsync("select purpose, result, http_status from portal.attempt where request_id = $1 order by started_at", request))
                .Select(row => string.Join(' ', row)));
        Assert.Equal(
            ["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.accepted", "observe.confirmed"],
            (await Database.RowsAsync("select kind from audit.event where request_id = $1 order by seq", request)).Select(row => (string)row[0]!));
    }

    [Fact]
    public async Task Mirror_sync_asked_for_and_approved_leaves_its_jid_on_the_page_in_the_table_and_in_the_audit_search()
    {
        const string Target = "mirror:cn-north-4/2111733";
        var developer = await SignInAsync("Developer");
        await developer.Page.FillMirrorAsync(2111733);
        var request = await developer.Page.SubmitAsync();

        await ApproveAndWatchAsync(developer, request);

        Assert.Equal(1, await Simulator.EffectsAsync(Target));
        var jid = await Database.ValueAsync<string>("select jid from portal.attempt where request_id = $1 and purpose = 'Send'", request);
        await Expect(developer.Page.GetByText(jid, new() { Exact = true }).First).ToBeVisibleAsync();

        var auditor = await SignInAsync("Auditor", "/audit");
        await auditor.Page.Field("jid").FillAsync(jid);
        await auditor.Page.Button("Search").ClickAsync();
        await Expect(auditor.Page).ToHaveURLAsync(new Regex($"/audit\\?.*{Regex.Escape(Uri.EscapeDataString(jid))}"));
        var found = auditor.Page.Locator("tbody tr");
        var events = await Database.ValueAsync<long>("select count(*) from audit.event where doc->'facts'->>'jid' = $1", jid);
        await Expect(found).ToHaveCountAsync((int)events);
        await Expect(found.Locator($"a[href='/requests/{request}']")).ToHaveCountAsync((int)events);
        await Expect(found.Filter(new() { HasText = "dispatch.accepted" })).ToHaveCountAsync(1);
    }

    async Task ApproveAndWatchAsync(Person developer, Guid request)
    {
        // Lost by a reload, so it shows that the page changed by itself.
        await developer.Page.EvaluateAsync("window.neverReloaded = true");
        var approver = await SignInAsync("Approver", $"/approvals/{request}");
        var clock = Stopwatch.StartNew();
        await approver.Page.Button("Approve").ClickAsync();

        await Expect(developer.Page.Light("Sent", "accepted (200)")).ToBeVisibleAsync();
        Report($"accepted (200) on the developer's page {clock.ElapsedMilliseconds} ms after the click on Approve");
        await Expect(developer.Page.Light("Proved", "proved")).ToBeVisibleAsync();
        Report($"proved {clock.ElapsedMilliseconds} ms after the click on Approve");

        Assert.True(await developer.Page.EvaluateAsync<bool>("window.neverReloaded === true"));
        await Expect(approver.Page.GetByText("Approved by Ari Approver")).ToBeVisibleAsync();
    }
}
