using System.Security.Claims;
using System.Text.Json.Nodes;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Audit;
using Portal.Controls;
using Portal.Live;
using Portal.Tests.SignIn;
using Portal.Tests.Support;

namespace Portal.Tests.Audit;

public sealed class AuditPageTests(PostgresFixture postgres) : BunitContext, IAsyncLifetime
{
    TestDatabase database = null!;
    BunitAuthorizationContext? signIn;

    public async ValueTask InitializeAsync()
    {
        BunitAssemblies.BePatient();
        database = await postgres.CreateAsync();
        Services.AddLocalization().AddSingleton(TimeProvider.System).AddSingleton<Clock>().AddSingleton<Changes>();
        Services.AddScoped<OpenPage>().AddScoped<CurrentActor>().AddSingleton(database.Sessions()).AddSingleton(database.Service()).AddSingleton(new RoleGivers(database.App));
        await SignInAsync(Role.Auditor);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await base.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Page_of_an_empty_trail_says_what_will_come()
    {
        var page = Open("/audit");

        await page.WaitForAssertionAsync(() => Assert.Equal("Nothing has happened yet", page.Find(".empty-title").TextContent));
    }

    [Fact]
    public async Task Page_with_rows_links_each_event_its_request_and_the_same_export()
    {
        var request = Guid.CreateVersion7();
        var id = await database.AddAsync(AuditKind.DispatchRefused, new() { ["httpStatus"] = 404, ["errorCode"] = "CH.004404", ["jid"] = "jid-1" },
            Actor.System, request, 1);

        var page = Open("/audit?status=4xx");

        await page.WaitForElementAsync("table");
        Assert.Equal("Call refused", page.Find($"a[href='/audit/{id}']").TextContent);
        Assert.NotNull(page.Find($"a[href='/requests/{request}']"));
        Assert.Equal("404", page.Find("td .badge").TextContent.Trim());
        Assert.Contains("CH.004404", page.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.Find("[data-copy='jid-1']"));
        Assert.Equal(["/audit/export.csv?status=4xx", "/audit/export.jsonl?status=4xx"], page.FindAll("a[download]").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public async Task Page_whose_filter_matches_nothing_offers_to_clear_it()
    {
        await database.AddAsync(AuditKind.SignedIn, []);

        var page = Open("/audit?q=nowhere");

        await page.WaitForAssertionAsync(() => Assert.Equal("No event matches", page.Find(".empty-title").TextContent));
        Assert.Equal("/audit", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public async Task Page_with_a_bad_filter_keeps_it_in_its_field_names_the_problem_and_lists_nothing()
    {
        await database.AddAsync(AuditKind.SignedIn, []);

        var page = Open("/audit?status=999&from=soon");

        await page.WaitForAssertionAsync(() => Assert.Equal(2, page.FindAll(".field-error").Count));
        Assert.Equal(["999", "soon"], page.FindAll("[aria-invalid]").Select(input => input.GetAttribute("value")));
        Assert.Empty(page.FindAll("table"));
        Assert.Empty(page.FindAll("a[download]"));
    }

    [Fact]
    public async Task Search_puts_the_filter_into_the_address()
    {
        var page = Open("/audit?page=3");
        await page.WaitForElementAsync(".empty");

        await Field(page, "Text").InputAsync("订单 & more");
        await Field(page, "HTTP status").InputAsync("4xx");
        await page.Find("form").SubmitAsync();

        Assert.EndsWith("/audit?q=%E8%AE%A2%E5%8D%95%20%26%20more&status=4xx", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_announces_new_events_and_shows_them_only_when_asked()
    {
        await database.AddManyAsync(1, "old");
        var page = Open("/audit");
        await page.WaitForElementAsync("table");

        await database.AddManyAsync(2, "new");
        Services.GetRequiredService<Changes>().Announce(null);

        await page.WaitForAssertionAsync(() => Assert.Contains("2 new events", page.Find(".news").TextContent, StringComparison.Ordinal));
        Assert.Single(page.FindAll("tbody tr"));
        await page.Find(".news button").ClickAsync();
        await page.WaitForAssertionAsync(() => Assert.Equal(3, page.FindAll("tbody tr").Count));
        Assert.Empty(page.Find(".news").Children);
    }

    [Fact]
    public async Task Page_without_permission_says_which_roles_may_and_is_recorded_once_for_the_visit()
    {
        await SignInAsync(Role.Requester);
        var page = Open("/audit");
        await page.WaitForAssertionAsync(() => Assert.Equal("You may not read the audit trail", page.Find("h1").TextContent));

        // The record of the refusal is itself a change that open pages hear of.
        var before = page.RenderCount;
        Services.GetRequiredService<Changes>().Announce(null);
        await page.WaitForStateAsync(() => page.RenderCount > before);

        Assert.Contains("Auditor, Administrator", page.Find(".empty").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("form"));
        Assert.Equal(1, await database.ValueAsync<long>("select count(*) from audit.event where kind = 'access.denied'"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Page_for_somebody_without_any_role_says_so_and_who_gives_roles(bool ofOneEvent)
    {
        await SignInAsync(Role.Administrator);
        await SignInAsync();

        IRenderedComponent<IComponent> page = ofOneEvent ? Render<AuditEventPage>(parameters => parameters.Add(shown => shown.Id, Guid.CreateVersion7())) : Open("/audit");

        await page.WaitForAssertionAsync(() => Assert.Contains("Roles are given by: Administrator,", page.Find(".empty").TextContent, StringComparison.Ordinal));
        Assert.Contains("Roles that may: Auditor, Administrator. Yours: No role.", page.Find(".empty").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_says_to_whom_it_happened_by_the_name_of_today_and_else_by_the_id()
    {
        await database.AppAsync("insert into portal.person (id, name, roles) values ('http://issuer#nora', 'Nora Newcomer', '{}')");
        await database.AddAsync(AuditKind.PersonEnabled, new() { ["person"] = "gone" });
        await database.AddAsync(AuditKind.PersonRolesChanged, RolesOfNora());

        var page = Open("/audit");

        await page.WaitForElementAsync("table");
        Assert.Equal(["Nora Newcomer: Developer given, Auditor taken", "gone"], page.FindAll("td.summary").Select(cell => cell.TextContent.Trim()));
        await database.AppAsync("update portal.person set name = 'Nora Married' where id = 'http://issuer#nora'");
        page = Open("/audit?event=person.roles_changed");
        await page.WaitForElementAsync("table");
        Assert.StartsWith("Nora Married:", page.Find("td.summary").TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_says_why_a_sign_in_was_refused_with_the_name_of_the_check_beside_it()
    {
        await database.AddAsync(AuditKind.SignInRefused, new() { ["why"] = "IdTokenNonce" });

        var page = Open("/audit");

        await page.WaitForElementAsync("table");
        Assert.Equal("What was sent did not pass a check. IdTokenNonce", string.Join(' ', page.Find("td.summary").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("IdTokenNonce", page.Find("td.summary code").TextContent);
    }

    [Fact]
    public async Task Event_page_says_whom_it_happened_to_and_the_roles_before_above_those_after_with_the_exact_values_beside()
    {
        await database.AppAsync("insert into portal.person (id, name, roles) values ('http://issuer#nora', 'Nora Newcomer', '{}')");
        var id = await database.AddAsync(AuditKind.PersonRolesChanged, RolesOfNora());

        var page = Render<AuditEventPage>(parameters => parameters.Add(shown => shown.Id, id));

        await page.WaitForElementAsync("dl");
        Assert.Equal("Nora Newcomer: Developer given, Auditor taken", page.Find(".page-lead").TextContent);
        var facts = page.FindAll("dl.facts")[0];
        Assert.Equal(["Person it happened to", "Roles by hand, before", "Roles by hand, after"], facts.QuerySelectorAll("dt").Select(term => term.TextContent));
        Assert.Equal(["Nora Newcomer", "Auditor", "Developer"], facts.QuerySelectorAll("dd .value").Select(value => value.TextContent));
        Assert.Equal(["http://issuer#nora", """["Auditor"]""", """["Requester"]"""], facts.QuerySelectorAll("dd code").Select(value => value.TextContent));
    }

    [Fact]
    public async Task Event_page_shows_every_fact_and_the_exact_bytes()
    {
        var id = await database.AddAsync(AuditKind.RequestSubmitted, new()
        {
            ["reason"] = "为订单",
            ["payload"] = new JsonObject { ["a"] = 1 },
            ["newFact"] = "x",
        });

        var page = Render<AuditEventPage>(parameters => parameters.Add(shown => shown.Id, id));

        await page.WaitForElementAsync("dl");
        var facts = page.FindAll("dl.facts")[0];
        Assert.Equal(["Reason", "newFact", "What was asked for"], facts.QuerySelectorAll("dt").Select(term => term.TextContent));
        Assert.Contains("\"reason\":\"为订单\"", page.Find("figure pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_page_of_no_event_says_so()
    {
        var page = Render<AuditEventPage>(parameters => parameters.Add(shown => shown.Id, Guid.CreateVersion7()));

        await page.WaitForAssertionAsync(() => Assert.Equal("No such event", page.Find("h1").TextContent));
    }

    static JsonObject RolesOfNora() => new() { ["person"] = "http://issuer#nora", ["before"] = new JsonArray("Auditor"), ["after"] = new JsonArray("Requester") };

    IRenderedComponent<AuditPage> Open(string address)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<AuditPage>();
    }

    static AngleSharp.Dom.IElement Field(IRenderedComponent<AuditPage> page, string label) =>
        page.Find("#" + page.FindAll("label").Single(found => found.TextContent == label).GetAttribute("for"));

    async Task SignInAsync(params Role[] roles)
    {
        var name = roles.Length == 0 ? "Nobody" : roles[0].ToString();
        var actor = await database.SignedInAsync(new Actor("test:" + name, name, roles));
        signIn ??= AddAuthorization();
        signIn.SetAuthorized(name);
        signIn.SetClaims(new Claim(Actor.IdClaim, "test:" + name), new Claim(Actor.SessionClaim, actor.Session.ToString()!));
    }
}
