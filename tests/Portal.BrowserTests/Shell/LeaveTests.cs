namespace Portal.BrowserTests.Shell;

/// <summary>Nothing that somebody typed is lost without a question.</summary>
public sealed class LeaveTests(PortalFixture fixture) : BrowserTest(fixture)
{
    const string Typed = "Half a reason";

    [Theory]
    [InlineData("My requests", "/requests")]
    [InlineData("简体中文", "/requests/new/keep-copying")]
    public async Task Link_asks_before_it_takes_what_was_typed(string link, string leadsTo)
    {
        var developer = await SignInAsync("Developer", "/requests/new/keep-copying");
        var question = Question(developer.Page, "Leave without submitting?");
        await developer.Page.Field("Reason").PressSequentiallyAsync(Typed);

        await developer.Page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync();
        await question.GetByRole(AriaRole.Button, new() { Name = "Stay" }).ClickAsync();
        await Expect(question).ToHaveCountAsync(0);
        await developer.Page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync();
        await Expect(question).ToBeVisibleAsync();
        await developer.Page.Keyboard.PressAsync("Escape");
        await Expect(question).ToHaveCountAsync(0);

        await Expect(developer.Page).ToHaveURLAsync("/requests/new/keep-copying");
        await Expect(developer.Page.Field("Reason")).ToHaveValueAsync(Typed);
        await developer.Page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync();
        await question.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        await Expect(developer.Page.GetByText(Typed)).ToHaveCountAsync(0);
        await Expect(developer.Page).ToHaveURLAsync(leadsTo);
        Assert.Empty(developer.TakeTrouble());
    }

    [Fact]
    public async Task Nobody_is_asked_who_typed_nothing_or_submitted_it()
    {
        var developer = await SignInAsync("Developer", "/requests/new/keep-copying");
        await developer.Page.GetByRole(AriaRole.Link, new() { Name = "My requests" }).ClickAsync();
        await Expect(developer.Page).ToHaveURLAsync("/requests");

        await developer.Page.FillRuleAsync("team-a/backend/payment-api", "cn-south-1", "team-a-south");
        await developer.Page.SubmitAsync();
        await developer.Page.GetByRole(AriaRole.Link, new() { Name = "New request" }).ClickAsync();
        await Expect(developer.Page).ToHaveURLAsync("/requests/new");
    }

    [Fact]
    public async Task Browser_asks_before_the_page_is_loaded_anew()
    {
        var approver = await SignInAsync("Approver", "/requests/new/sync-mirror", "zh-CN");
        await approver.Page.Locator("textarea").PressSequentiallyAsync(Typed);
        var asked = new TaskCompletionSource<string>();
        approver.Page.Dialog += (_, dialog) =>
        {
            asked.TrySetResult(dialog.Type);
            _ = dialog.DismissAsync();
        };

        await approver.Page.EvaluateAsync("setTimeout(() => location.reload())");

        Assert.Equal("beforeunload", await asked.Task.WaitAsync(TimeSpan.FromMilliseconds(Person.Patience), TestContext.Current.CancellationToken));
        await Expect(approver.Page.Locator("textarea")).ToHaveValueAsync(Typed);
        await approver.Page.Locator("nav a[href='/requests']").ClickAsync();
        await Question(approver.Page, "尚未提交，确定离开？").GetByRole(AriaRole.Button, new() { Name = "离开", Exact = true }).ClickAsync();
        await Expect(approver.Page).ToHaveURLAsync("/requests");
    }

    static ILocator Question(IPage page, string title) => page.GetByRole(AriaRole.Dialog, new() { Name = title });
}
