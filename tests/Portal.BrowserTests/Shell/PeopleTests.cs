using System.Text.RegularExpressions;

namespace Portal.BrowserTests.Shell;

/// <summary>
/// A portal on a database of its own, because here personas become what they are not. It looks again at who is signed in every second, and
/// sends nothing.
/// </summary>
public sealed class PeoplePortal(PortalFixture fixture) : IAsyncLifetime
{
    /// <summary>Its database.</summary>
    public PortalDatabase Database { get; private set; } = null!;

    /// <summary>The process.</summary>
    public PortalProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await PortalDatabase.CreateAsync();
        Process = await PortalProcess.StartAsync(Database, fixture.Simulator, ("Sessions__LookAgainSeconds", "1"), ("Dispatch__Enabled", "false"));
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>Roles and sign-ins that change while pages are open.</summary>
public sealed class PeopleTests(PortalFixture fixture, PeoplePortal own) : BrowserTest(fixture), IClassFixture<PeoplePortal>
{
    const string Developer = "/people/person?id=persona%3ADeveloper";
    static readonly Regex SignInPage = new("/signin");

    // Events from then on are the test's.
    DateTime start;

    /// <inheritdoc />
    protected override PortalProcess Portal => own.Process;

    /// <inheritdoc />
    protected override PortalDatabase Database => own.Database;

    /// <inheritdoc />
    public override async ValueTask InitializeAsync()
    {
        await Database.RowsAsync("update portal.session set ended_at = now() where ended_at is null returning 1");
        await Database.RowsAsync("update portal.person set granted = '{}', disabled_at = null returning 1");
        start = await Database.ValueAsync<DateTime>("select clock_timestamp()");
    }

    [Fact]
    public async Task Person_who_is_not_there_is_404_for_who_manages_people_and_nobody_else_is_told()
    {
        var administrator = await EnterAsync("Administrator");
        var developer = await EnterAsync("Developer");
        Assert.Equal(404, (await administrator.Page.APIRequest.GetAsync("/people/person?id=nobody")).Status);
        Assert.Equal(200, (await administrator.Page.APIRequest.GetAsync("/people/person?id=persona%3ADeveloper")).Status);
        Assert.Equal(200, (await developer.Page.APIRequest.GetAsync("/people/person?id=nobody")).Status);
        Assert.Equal(200, (await developer.Page.APIRequest.GetAsync("/people/person?id=persona%3ADeveloper")).Status);
    }

    [Fact]
    public async Task Role_taken_while_the_review_is_open_stops_the_next_click()
    {
        var asker = await EnterAsync("Approver");
        await asker.Page.FillMirrorAsync(2111733);
        var request = await asker.Page.SubmitAsync();
        var decider = await EnterAsync("Developer");
        var administrator = await EnterAsync("Administrator", Developer);
        await Expect(decider.Page.GetByRole(AriaRole.Link, new() { Name = "Approvals" })).ToHaveCountAsync(0);

        // Given: the navigation of an open page follows by itself, with its badge.
        await administrator.Page.Field("Approver").CheckAsync();
        await administrator.Page.Button("Save roles").ClickAsync();
        await Expect(administrator.Page.GetByText("The roles are saved, and count from now on.")).ToBeVisibleAsync();
        await Expect(decider.Page.Locator("nav a[href='/approvals']")).ToContainTextAsync("1");
        await decider.Page.GotoAsync($"/approvals/{request}");
        await Expect(decider.Page.Button("Approve")).ToBeEnabledAsync();

        // Taken: the button is still there, and does nothing.
        await administrator.Page.Field("Approver").UncheckAsync();
        await administrator.Page.Button("Save roles").ClickAsync();
        await Expect(decider.Page.Locator("nav a[href='/approvals']")).ToHaveCountAsync(0);
        await decider.Page.Button("Approve").ClickAsync();

        await Expect(decider.Page.Locator("h1")).ToHaveTextAsync("Only approvers decide on requests.");
        await Expect(decider.Page.GetByText("Roles are given by: Ada Administrator")).ToBeVisibleAsync();
        Assert.Equal("PendingApproval", await Database.ValueAsync<string>("select state from portal.request where id = $1", request));
        Assert.Equal(0L, await Database.ValueAsync<long>("select count(*) from portal.decision where request_id = $1", request));
        Assert.Equal(
            $"persona:Developer approval.grant MayNotDecide {request}",
            await Database.ValueAsync<string>("select concat_ws(' ', actor_id, doc #>> '{facts,what}', doc #>> '{facts,why}', doc #>> '{facts,request}') from audit.event where kind = 'access.denied' and at >= $1", start));
        Assert.Equal(
            ["[] > [\"Approver\"]", "[\"Approver\"] > []"],
            (await Database.RowsAsync("select concat(doc #> '{facts,before}', ' > ', doc #> '{facts,after}') from audit.event where kind = 'person.roles_changed' and at >= $1 order by at", start)).Select(row => (string)row[0]!));
    }

    [Fact]
    public async Task Role_taken_while_the_form_is_open_is_said_there_and_leaves_what_was_typed()
    {
        var asker = await EnterAsync("Auditor");
        var administrator = await EnterAsync("Administrator", "/people/person?id=persona%3AAuditor");
        await administrator.Page.Field("Developer").CheckAsync();
        await administrator.Page.Button("Save roles").ClickAsync();
        await asker.Page.Locator("nav a[href='/requests/new']").ClickAsync();
        await asker.Page.FillMirrorAsync(2111733, "The pipeline needs it.");

        await administrator.Page.Field("Developer").UncheckAsync();
        await administrator.Page.Button("Save roles").ClickAsync();

        await Expect(asker.Page.GetByText("Your role was taken while this page was open.")).ToBeVisibleAsync();
        await Expect(asker.Page.Locator("textarea").Last).ToHaveValueAsync("The pipeline needs it.");
        await Expect(asker.Page.Button("Submit")).ToBeDisabledAsync();
    }

    [Fact]
    public async Task Person_shut_out_is_led_to_the_sign_in_without_a_click_and_is_let_in_no_more()
    {
        var developer = await EnterAsync("Developer", "/requests/new/sync-mirror");
        var administrator = await EnterAsync("Administrator", "/people?q=dana");
        await administrator.Page.GetByRole(AriaRole.Link, new() { Name = "Dana Developer" }).ClickAsync();

        await administrator.Page.Button("Shut out").ClickAsync();
        await administrator.Page.Field("Reason").FillAsync("The contract ended.");
        await administrator.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Shut out", Exact = true }).ClickAsync();

        await Expect(developer.Page).ToHaveURLAsync(SignInPage);
        await Expect(developer.Page.GetByText("Your sign-in has ended")).ToBeVisibleAsync();
        await Expect(administrator.Page.GetByText("This person is shut out")).ToBeVisibleAsync();
        await developer.Page.Button("Developer").ClickAsync();
        await Expect(developer.Page).ToHaveURLAsync(SignInPage);
        await administrator.Page.Button("Let in again").ClickAsync();
        await Expect(administrator.Page.Button("Shut out")).ToBeVisibleAsync();
        await developer.SignInAsync("Developer", "/requests");
        await Expect(developer.Page.Locator("h1")).ToHaveTextAsync("My requests");
    }

    [Fact]
    public async Task Page_whose_sign_in_ran_out_leads_to_the_sign_in_without_a_click()
    {
        var developer = await EnterAsync("Developer", "/requests");

        // Nobody is told of time that passes: only the page's own look finds it.
        await Database.RowsAsync("update portal.session set seen_at = now() - interval '1 day' where ended_at is null returning 1");

        await Expect(developer.Page).ToHaveURLAsync(SignInPage);
        await Expect(developer.Page.GetByText("Your sign-in has ended")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Ending_one_sign_in_from_another_browser_ends_exactly_that()
    {
        var here = await (await ArriveAsync()).SignInAsync("Developer", "/account");
        var there = await (await ArriveAsync()).SignInAsync("Developer", "/requests");
        var third = await (await ArriveAsync()).SignInAsync("Developer", "/requests");
        var rows = here.Page.Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(3);
        await Expect(rows.Filter(new() { HasText = "This one" })).ToHaveCountAsync(1);

        // The newest stands first.
        await rows.Nth(1).GetByRole(AriaRole.Button).ClickAsync();

        await Expect(there.Page).ToHaveURLAsync(SignInPage);
        await Expect(rows).ToHaveCountAsync(2);
        await third.Page.GotoAsync("/requests/new");
        await Expect(third.Page.Locator("h1")).ToHaveTextAsync("New request");
        await there.Page.GotoAsync("/requests");
        await Expect(there.Page).ToHaveURLAsync(SignInPage);

        await here.Page.Button("End all others").ClickAsync();
        await Expect(third.Page).ToHaveURLAsync(SignInPage);
        await Expect(here.Page.Button("End all others")).ToHaveCountAsync(0);
        await here.Page.GotoAsync("/requests");
        await Expect(here.Page.Locator("h1")).ToHaveTextAsync("My requests");
        Assert.Equal(2L, await Database.ValueAsync<long>("select count(*) from audit.event where kind = 'session.ended' and doc #>> '{facts,why}' = 'EndedByPerson' and at >= $1", start));
    }

    [Fact]
    public async Task Browser_that_does_not_leave_gets_nothing_more_done_and_loses_its_connection()
    {
        var asker = await EnterAsync("Developer");
        await asker.Page.FillMirrorAsync(2111733);
        var request = await asker.Page.SubmitAsync();
        var stayer = await ArriveAsync();
        var cut = new TaskCompletionSource();
        stayer.Page.WebSocket += (_, socket) => socket.Close += (_, _) => cut.TrySetResult();
        await stayer.SignInAsync("Approver", $"/approvals/{request}");
        await stayer.Page.Button("Approve").WaitForAsync();
        // An answer without content leaves the page where it is, as a browser of bad will would.
        await stayer.Page.RouteAsync("**/signin**", route => route.FulfillAsync(new() { Status = 204 }));

        await Database.RowsAsync("update portal.session set ended_at = now() where person_id = 'persona:Approver' returning 1");
        await stayer.Page.EvaluateAsync("setInterval(() => [...document.querySelectorAll('button')].filter(b => b.textContent === 'Approve').forEach(b => b.click()), 50)");

        await cut.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal("PendingApproval", await Database.ValueAsync<string>("select state from portal.request where id = $1", request));
        Assert.Equal(0L, await Database.ValueAsync<long>("select count(*) from portal.decision where request_id = $1", request));
        // It connects again by itself, and its page is not there any more: the portal says so in its log, which is no fault.
        List<string> said = [];
        while (!said.Exists(line => line.Contains("SessionActivity.OnConnectionUpAsync", StringComparison.Ordinal)))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            said.AddRange(Portal.TakeErrors());
        }

        await stayer.Page.CloseAsync();
        stayer.TakeTrouble();
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_shown_and_not_overwritten()
    {
        await EnterAsync("Developer");
        var first = await EnterAsync("Administrator", Developer);
        await first.Page.Field("Auditor").CheckAsync();
        await Database.RowsAsync("update portal.person set granted = '{Operator}' where id = 'persona:Developer' returning 1");

        await first.Page.Button("Save roles").ClickAsync();

        await Expect(first.Page.GetByText("Somebody else changed this person in the meantime.")).ToBeVisibleAsync();
        await Expect(first.Page.Field("Operator")).ToBeCheckedAsync();
        await Expect(first.Page.Field("Auditor")).Not.ToBeCheckedAsync();
        Assert.Equal(0L, await Database.ValueAsync<long>("select count(*) from audit.event where kind = 'person.roles_changed' and at >= $1", start));
    }

    [Fact]
    public async Task Somebody_without_a_role_reads_what_that_means_and_who_gives_one()
    {
        await EnterAsync("Administrator");
        var developer = await EnterAsync("Developer");
        await Database.RowsAsync("update portal.person set roles = '{}' where id = 'persona:Developer' returning 1");

        await developer.Page.ReloadAsync();

        await Expect(developer.Page.GetByText("You have no role here yet")).ToBeVisibleAsync();
        await Expect(developer.Page.GetByText("Roles are given by: Ada Administrator")).ToBeVisibleAsync();
        await Expect(developer.Page.Locator("nav a[href='/requests/new']")).ToHaveCountAsync(0);
    }

    // Each test ends sign-ins, so none can use another's.
    async Task<Person> EnterAsync(string persona, string path = "/") => await (await ArriveAsync()).SignInAsync(persona, path);
}
