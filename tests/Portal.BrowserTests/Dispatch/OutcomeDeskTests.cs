namespace Portal.BrowserTests.Dispatch;

/// <summary>A call that nobody could find out about, settled by two people at two browsers.</summary>
public sealed class OutcomeDeskTests(PortalFixture fixture) : BrowserTest(fixture)
{
    [Fact]
    public async Task Two_people_settle_a_call_that_overwrites_and_the_requester_sees_it()
    {
        var developer = await SignInAsync("Developer");
        await developer.Page.FillRuleAsync("mobile/push-sender", "cn-south-1", "mobile");
        await developer.Page.Field("Overwrite existing images").CheckAsync();
        var request = await developer.Page.SubmitAsync();
        await Simulator.FaultAsync(new { preset = "html-502", match = new { method = "POST", pathContains = "push-sender" } });
        var approver = await SignInAsync("Approver");
        await approver.Page.ApproveAsync(request);
        await Expect(developer.Page.Light("Sent", "no clear answer (502)")).ToBeVisibleAsync();
        await Database.LeaveToPersonAsync(request);

        var oper = await SignInAsync("Operator", "/outcomes");
        var second = await SignInAsync("Administrator", "/outcomes");
        await Expect(OnDesk(oper.Page, request).GetByText("Two people are needed")).ToBeVisibleAsync();
        await OnDesk(oper.Page, request).GetByRole(AriaRole.Button, new() { Name = "Mark as succeeded" }).ClickAsync();
        var dialog = oper.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Mark as succeeded" }).ClickAsync();
        await Expect(oper.Page.Problem("What you found, and where")).ToBeVisibleAsync();
        await oper.Page.Field("What you found, and where").FillAsync("The rule is in the console.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Mark as succeeded" }).ClickAsync();

        await Expect(OnDesk(oper.Page, request).GetByRole(AriaRole.Button, new() { Name = "Take back" })).ToBeVisibleAsync();
        await Expect(OnDesk(oper.Page, request).GetByRole(AriaRole.Button)).ToHaveCountAsync(1);
        Assert.Equal("Unknown", await Database.ValueAsync<string>("select state from portal.request_item where request_id = $1", request));

        // It came to the other open page by itself.
        await Expect(OnDesk(second.Page, request).GetByText("The rule is in the console.")).ToBeVisibleAsync();
        await OnDesk(second.Page, request).GetByRole(AriaRole.Button, new() { Name = "Agree", Exact = true }).ClickAsync();
        await second.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Agree", Exact = true }).ClickAsync();

        await Expect(OnDesk(oper.Page, request)).ToHaveCountAsync(0);
        await Expect(developer.Page.Light("Proved", "settled by a person")).ToBeVisibleAsync();
        await Expect(developer.Page.GetByRole(AriaRole.Link, new() { Name = "Ask again" })).ToBeVisibleAsync();
        Assert.Equal("Done", await Database.ValueAsync<string>("select state from portal.settlement where request_id = $1 and second_id <> actor_id", request));
        Assert.Equal(0, await Simulator.EffectsAsync("rule:cn-north-4/mobile/push-sender->cn-south-1/mobile"));
    }

    static ILocator OnDesk(IPage page, Guid request) =>
        page.Locator("section.panel", new() { Has = page.Locator($"h2 a[href='/requests/{request}']") });
}
