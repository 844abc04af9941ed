using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Tests.Support;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>Who is in after the provider vouched for somebody, and what the portal keeps of it.</summary>
public sealed class SignedInTests(PostgresFixture postgres) : SignInTest(postgres)
{
    [Fact]
    public async Task Whoever_the_provider_vouches_for_is_in_with_the_roles_that_it_gives_and_comes_to_the_page_they_wanted()
    {
        using var visit = await Visit.LeaveAsync(Site, Provider);

        Assert.Equal((HttpStatusCode.Redirect, "/requests"), await visit.ReturnAsync());

        Assert.Equal(Visit.Dana, await visit.WhoAsync());
        await using var db = Database.CreateDbContext();
        var session = await db.Sessions.SingleAsync(Token);
        Assert.Equal((Provider.Issuer, "subject-of-dana", "session-there", "127.0.0.1"), (session.Issuer, session.Subject, session.ProviderSession, session.Address));
        var row = await db.Events.SingleAsync(Token);
        Assert.Equal((AuditKind.SignedIn, $"{HostileProvider.Tenant}/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "Dana"), (row.Kind, row.ActorId, row.ActorName));
        Assert.Equal(Provider.Issuer, (string)JsonNode.Parse(row.Doc)!["facts"]!["issuer"]!);
    }

    [Fact]
    public async Task Browser_that_signs_in_anew_gets_a_new_cookie_and_the_old_one_is_void()
    {
        using var visit = await Visit.LeaveAsync(Site, Provider);
        await visit.ReturnAsync();
        var old = visit.Cookies.GetAllCookies().Single(cookie => cookie.Name == "portal").Value;

        await visit.LeaveAsync();
        await visit.ReturnAsync();

        Assert.NotEqual(old, visit.Cookies.GetAllCookies().Single(cookie => cookie.Name == "portal").Value);
        Assert.Equal(Visit.Dana, await visit.WhoAsync());
        visit.Cookies.Add(new Cookie("portal", old, "/", "127.0.0.1"));
        Assert.Null(await visit.WhoAsync());
        Assert.Equal("SignedInAgain", await Database.ValueAsync<string>("select ended_by from portal.session where ended_at is not null"));
    }

    [Fact]
    public async Task Old_sign_in_ends_also_when_its_cookie_does_not_come_back_from_the_provider()
    {
        using var visit = await Visit.LeaveAsync(Site, Provider);
        await visit.ReturnAsync();
        await visit.LeaveAsync();
        // As a browser does with SameSite=Lax and a post from another site.
        visit.Cookies.GetAllCookies().Single(cookie => cookie.Name == "portal").Expired = true;

        await visit.ReturnAsync();

        Assert.Equal("SignedInAgain", await Database.ValueAsync<string>("select ended_by from portal.session where ended_at is not null"));
    }

    [Fact]
    public async Task Nothing_of_the_provider_reaches_the_cookie_the_trail_or_a_readable_row()
    {
        using var visit = await Visit.LeaveAsync(Site, Provider);
        visit.Token.Payload["email"] = "dana@contoso.example";
        var idToken = visit.Token.ToString();
        visit.AnswerOtherwise = (http, _) => HttpResponseJsonExtensions.WriteAsJsonAsync(http.Response, new { token_type = "Bearer", access_token = "an-access-token", id_token = idToken });
        await visit.ReturnAsync();

        var everything = string.Join('\n', await Database.EverythingAsync());

        foreach (var secret in new[] { idToken, "an-access-token", "a-code", Provider.LastExchange!.Value.Form["code_verifier"], SignInSite.ClientSecret, "dana@contoso.example" })
        {
            Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(secret)), everything, StringComparison.OrdinalIgnoreCase);
        }

        Assert.InRange(visit.Cookies.GetAllCookies().Single(cookie => cookie.Name == "portal").Value.Length, 1, 600);
    }

    [Fact]
    public async Task Groups_give_roles_and_groups_that_were_left_out_take_none_that_an_app_role_gives()
    {
        using var visit = await Visit.LeaveAsync(Site, Provider);
        visit.Token.Payload["groups"] = new JsonArray("approvers", "others");
        await visit.ReturnAsync();
        Assert.EndsWith(" Requester,Approver", await visit.WhoAsync(), StringComparison.Ordinal);

        await visit.LeaveAsync();
        visit.Token.Payload["hasgroups"] = true;
        await visit.ReturnAsync();
        Assert.EndsWith(" Requester", await visit.WhoAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await Database.ValueAsync<long>("select count(*) from audit.event where doc -> 'facts' ->> 'lacksGroups' = 'true'"));
    }

    [Fact]
    public async Task Person_who_was_shut_out_does_not_get_in_again()
    {
        using var visit = await Visit.LeaveAsync(Site, Provider);
        await visit.ReturnAsync();
        await Database.AppAsync("update portal.person set disabled_at = now()");
        Assert.Null(await visit.WhoAsync());

        await visit.LeaveAsync();

        Assert.Equal("/signin?refused=PersonShutOut", (await visit.ReturnAsync()).Location);
    }
}
