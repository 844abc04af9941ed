using Portal.Access;
using Portal.People;
using Portal.SignIn;
using Portal.Tests.SignIn;
using Portal.Tests.Support;

namespace Portal.Tests.People;

/// <summary>Who is listed, who is shut out, and whose sign-ins end.</summary>
public sealed class PeopleServiceTests(PostgresFixture postgres) : PeopleTest(postgres)
{
    [Fact]
    public async Task Somebody_shut_out_acts_no_more_and_is_not_let_in_until_an_administrator_says_so()
    {
        var ada = await SignInAsync("ada", Role.Administrator);
        var dana = await SignInAsync("dana", Role.Requester);

        Assert.True((await People.ShutOutAsync(dana.Id, " left the company ", ada, Token)).IsDone);

        Assert.Null(await ActorAsync(dana.Session!.Value));
        Assert.Equal(SessionEnd.EndedByAdministrator, (await Database.SessionAsync(dana.Session.Value)).EndedBy);
        await Assert.ThrowsAsync<InvalidOperationException>(() => SignInAsync("dana", Role.Requester));
        Assert.Equal(["person.disabled by tenant/ada", "session.ended by tenant/ada"], await TrailAsync());
        Assert.Equal("""{"person": "tenant/dana", "comment": "left the company"}""", await FactsAsync("person.disabled"));

        Assert.True((await People.LetInAsync(dana.Id, ada, Token)).IsDone);

        Assert.Equal([Role.Requester], (await SignInAsync("dana", Role.Requester)).Roles);
        Assert.Contains("person.enabled by tenant/ada", await TrailAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\0b")]
    [InlineData("\u202Eb")]
    public async Task Shutting_out_without_a_reason_that_reads_is_refused(string? comment)
    {
        var ada = await SignInAsync("ada", Role.Administrator);
        var dana = await SignInAsync("dana");

        Assert.IsType<CommentMissing>((await People.ShutOutAsync(dana.Id, comment, ada, Token)).Refusal);
        Assert.IsType<CommentMissing>((await People.ShutOutAsync(dana.Id, new string('x', 2001), ada, Token)).Refusal);
        Assert.IsType<CommentMissing>((await People.ShutOutAsync(dana.Id, "\ud800", ada, Token)).Refusal);

        Assert.NotNull(await ActorAsync(dana.Session!.Value));
        Assert.Empty(await TrailAsync());
    }

    [Fact]
    public async Task What_is_done_already_is_not_done_again()
    {
        var ada = await SignInAsync("ada", Role.Administrator);
        await SignInAsync("dana");

        Assert.IsType<PersonChanged>((await People.LetInAsync("tenant/dana", ada, Token)).Refusal);
        await People.ShutOutAsync("tenant/dana", "x", ada, Token);
        Assert.IsType<PersonChanged>((await People.ShutOutAsync("tenant/dana", "y", ada, Token)).Refusal);
        Assert.Single(await TrailAsync(), row => row == "person.disabled by tenant/ada");
    }

    [Fact]
    public async Task Refused_change_leaves_no_half_of_it()
    {
        var ada = await SignInAsync("ada");
        var other = await SignInAsync("other", Role.Administrator);
        var stale = ada with { Roles = [Role.Administrator] };

        Assert.IsType<LastAdministrator>((await People.ShutOutAsync(other.Id, "x", stale, Token)).Refusal);

        Assert.NotNull(await ActorAsync(other.Session!.Value));
        Assert.Empty(await TrailAsync());
    }

    [Fact]
    public async Task List_finds_by_name_id_role_and_by_who_is_shut_out()
    {
        var ada = await SignInAsync("ada", Role.Administrator);
        await SignInAsync("100%_sure", Role.Auditor);
        await SignInAsync("dana", Role.Requester);
        await SignInAsync("dana", Role.Requester);
        await SignInAsync("gone", Role.Auditor);
        await People.ChangeRolesAsync("tenant/dana", [], [Role.Auditor], ada, Token);
        await People.ShutOutAsync("tenant/gone", "x", ada, Token);

        Assert.Equal(["100%_sure", "ada", "dana", "gone"], (await NamesAsync(null, null, false)).Order(StringComparer.Ordinal));
        Assert.Equal(["100%_sure"], await NamesAsync("%_S", null, false));
        Assert.Equal(["ada"], await NamesAsync(" TENANT/A", null, false));
        Assert.Equal(["100%_sure", "dana"], (await NamesAsync("", Role.Auditor, false)).Order(StringComparer.Ordinal));
        Assert.Equal(["gone"], await NamesAsync(null, null, true));
        Assert.Empty(await NamesAsync("no such", null, false));
        var rows = (await People.ListAsync("dana", null, false, 1, ada, Token)).Value;
        Assert.Equal((2, 1), (Assert.Single(rows.Rows).SignIns, rows.Total));
        Assert.Empty((await People.ListAsync(null, null, false, int.MaxValue, ada, Token)).Value.Rows);

        async Task<IReadOnlyList<string>> NamesAsync(string? text, Role? role, bool shutOut) =>
            [.. (await People.ListAsync(text, role, shutOut, 1, ada, Token)).Value.Rows.Select(row => row.Person.Name)];
    }

    [Fact]
    public async Task Person_sees_themselves_with_the_sign_ins_that_hold_and_nobody_else()
    {
        var dana = await SignInAsync("dana", Role.Requester);
        var idle = await SignInAsync("dana", Role.Requester);
        var second = await SignInAsync("dana", Role.Requester);
        await SignInAsync("deniz");
        await Database.AppAsync("update portal.session set seen_at = now() - interval '31 minutes' where id = $1", idle.Session!.Value);

        var detail = (await People.FindAsync(dana.Id, second, Token)).Value;

        Assert.Equal([(second.Session!.Value, true), (dana.Session!.Value, false)], detail.SignIns.Select(row => (row.Id, row.IsThis)));
        Assert.Equal(("192.0.2.7", "a browser"), (detail.SignIns[0].Address, detail.SignIns[0].Agent));
        Assert.IsType<NotAllowed>((await People.FindAsync("tenant/deniz", dana, Token)).Refusal);
        Assert.IsType<NotAllowed>((await People.FindAsync("tenant/nobody", dana, Token)).Refusal);
        // What no row and no fact of the trail can hold is nobody's id, whoever asks.
        foreach (var id in new[] { "\0", "tenant/\ud800", "\u202Eanad" })
        {
            Assert.IsType<PersonNotFound>((await People.FindAsync(id, dana, Token)).Refusal);
        }

        Assert.Equal(2, (await TrailAsync()).Count(row => row == "access.denied by tenant/dana"));
    }

    [Fact]
    public async Task Person_ends_one_sign_in_of_their_own_and_exactly_that()
    {
        var here = await SignInAsync("dana", Role.Requester);
        var lost = await SignInAsync("dana", Role.Requester);
        var third = await SignInAsync("dana", Role.Requester);

        Assert.Equal(1, (await SignIns.EndAsync(lost.Session!.Value, here, Token)).Value);

        Assert.Equal((true, false, true), (await HoldsAsync(here), await HoldsAsync(lost), await HoldsAsync(third)));
        Assert.IsType<SignInNotFound>((await SignIns.EndAsync(lost.Session.Value, here, Token)).Refusal);
        Assert.Equal(SessionEnd.EndedByPerson, (await Database.SessionAsync(lost.Session.Value)).EndedBy);
        Assert.Equal(["session.ended by tenant/dana"], await TrailAsync());
    }

    [Fact]
    public async Task Person_ends_all_their_others_and_nobody_elses()
    {
        var here = await SignInAsync("dana", Role.Requester);
        var there = await SignInAsync("dana", Role.Requester);
        var deniz = await SignInAsync("deniz", Role.Requester);

        Assert.Equal(1, (await SignIns.EndOthersAsync(here.Id, here, Token)).Value);

        Assert.Equal((true, false, true), (await HoldsAsync(here), await HoldsAsync(there), await HoldsAsync(deniz)));
    }

    [Fact]
    public async Task Somebody_elses_sign_in_is_ended_by_administrators_only_and_a_try_is_recorded()
    {
        var eve = await SignInAsync("eve", Role.Operator);
        var dana = await SignInAsync("dana", Role.Requester);
        var ada = await SignInAsync("ada", Role.Administrator);

        Assert.IsType<SignInNotFound>((await SignIns.EndAsync(dana.Session!.Value, eve, Token)).Refusal);
        Assert.IsType<NotAllowed>((await SignIns.EndOthersAsync(dana.Id, eve, Token)).Refusal);
        Assert.True(await HoldsAsync(dana));
        Assert.Equal(["access.denied by tenant/eve", "access.denied by tenant/eve"], await TrailAsync());

        Assert.Equal(1, (await SignIns.EndAsync(dana.Session.Value, ada, Token)).Value);
        Assert.False(await HoldsAsync(dana));
        Assert.Equal(SessionEnd.EndedByAdministrator, (await Database.SessionAsync(dana.Session.Value)).EndedBy);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36", "Chrome · Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge · Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15", "Safari · macOS")]
    [InlineData("Mozilla/5.0 (Android 15; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", "Firefox · Android")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1", "Chrome · iPhone")]
    [InlineData("curl/8.5.0", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Browser_is_named_in_short_words(string? agent, string? name) => Assert.Equal(name, BrowserName.Of(agent));

    async Task<bool> HoldsAsync(Actor actor) => await ActorAsync(actor.Session!.Value) is not null;
}
