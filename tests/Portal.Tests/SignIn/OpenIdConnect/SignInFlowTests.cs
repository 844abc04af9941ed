using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Portal.Audit;
using Portal.SignIn.OpenIdConnect;
using Portal.Tests.Support;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>What the portal sends and keeps when a sign-in goes well.</summary>
public sealed class SignInFlowTests(PostgresFixture postgres) : IAsyncLifetime
{
    readonly EphemeralDataProtectionProvider protection = new();
    TestDatabase database = null!;
    HostileProvider provider = null!;
    SignInSite site = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (database, provider) = (await postgres.CreateAsync(), await HostileProvider.StartAsync());
        site = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        await provider.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_the_provider_vouches_for_is_in_with_the_roles_that_it_gives_and_comes_to_the_page_they_wanted()
    {
        using var visit = await Visit.LeaveAsync(site, provider);

        Assert.Equal((HttpStatusCode.Redirect, "/requests"), await visit.ReturnAsync());

        Assert.Equal($"{HostileProvider.Tenant}/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee Requester", await visit.WhoAsync());
        await using var db = database.CreateDbContext();
        var session = await db.Sessions.SingleAsync(Token);
        Assert.Equal((provider.Issuer, "subject-of-dana", "session-there", "127.0.0.1"), (session.Issuer, session.Subject, session.ProviderSession, session.Address));
        var row = await db.Events.SingleAsync(Token);
        Assert.Equal((AuditKind.SignedIn, $"{HostileProvider.Tenant}/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "Dana"), (row.Kind, row.ActorId, row.ActorName));
        Assert.Equal(provider.Issuer, (string)JsonNode.Parse(row.Doc)!["facts"]!["issuer"]!);
    }

    [Fact]
    public async Task Provider_is_asked_for_a_code_by_form_post_with_a_challenge_and_the_registered_address()
    {
        using var visit = await Visit.LeaveAsync(site, provider);

        Assert.StartsWith(provider.Instance + "/authorize?", visit.Left, StringComparison.Ordinal);
        Assert.Equal(
            ("portal", "code", "form_post", "openid profile", SignInSite.PublicOrigin + "/signin-oidc", "S256"),
            (visit.Asked["client_id"], visit.Asked["response_type"], visit.Asked["response_mode"], visit.Asked["scope"], visit.Asked["redirect_uri"], visit.Asked["code_challenge_method"]));
        Assert.Equal(["client_id", "code_challenge", "code_challenge_method", "nonce", "redirect_uri", "response_mode", "response_type", "scope", "state"], visit.Asked.Keys.Order());

        await visit.ReturnAsync();
        var form = provider.LastExchange!.Value.Form;
        Assert.Equal(
            ("authorization_code", "a-code", SignInSite.PublicOrigin + "/signin-oidc", "portal", SignInSite.ClientSecret),
            (form["grant_type"], form["code"], form["redirect_uri"], form["client_id"], form["client_secret"]));
        Assert.Equal(visit.Asked["code_challenge"], Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]))));
    }

    [Fact]
    public async Task Every_sign_in_has_secrets_of_its_own_of_256_bits()
    {
        using var one = await Visit.LeaveAsync(site, provider);
        using var other = await Visit.LeaveAsync(site, provider);

        foreach (var name in new[] { "state", "nonce", "code_challenge" })
        {
            Assert.NotEqual(one.Asked[name], other.Asked[name]);
        }

        var (first, second) = (site.Seal.Open(one.Asked["state"])!, site.Seal.Open(other.Asked["state"])!);
        foreach (var secret in new Func<SignInState, string>[] { state => state.Id, state => state.Nonce, state => state.Verifier })
        {
            Assert.Equal(32, Base64UrlEncoder.DecodeBytes(secret(first)).Length);
            Assert.NotEqual(secret(first), secret(second));
        }
    }

    [Fact]
    public async Task State_says_nothing_to_who_carries_it()
    {
        using var visit = await Visit.LeaveAsync(site, provider);
        var state = site.Seal.Open(visit.Asked["state"])!;

        var bytes = Base64UrlEncoder.DecodeBytes(visit.Asked["state"]);

        foreach (var secret in new[] { state.Verifier, state.Nonce, "/requests" })
        {
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));
        }
    }

    [Theory]
    [InlineData("?returnUrl=//evil.example")]
    [InlineData("?returnUrl=/%5Cevil.example")]
    [InlineData("?returnUrl=https://evil.example")]
    [InlineData("?returnUrl=%2F%09%2Fevil.example")]
    [InlineData("?returnUrl=javascript:alert(1)")]
    [InlineData("?returnUrl=/%0d%0aSet-Cookie:x=y")]
    [InlineData("")]
    public async Task Return_address_of_another_site_is_not_followed(string query)
    {
        using var visit = await Visit.LeaveAsync(site, provider, query);

        Assert.Equal((HttpStatusCode.Redirect, "/"), await visit.ReturnAsync());
    }

    [Fact]
    public async Task Sign_in_that_begins_at_one_node_ends_at_another_and_only_once()
    {
        await using var other = await StartAsync();
        using var visit = await Visit.LeaveAsync(site, provider);
        var cookies = visit.Cookies.GetAllCookies().ToList();
        visit.Site = other;

        Assert.Equal("/requests", (await visit.ReturnAsync()).Location);
        Assert.NotNull(await visit.WhoAsync());

        cookies.ForEach(cookie => visit.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "127.0.0.1")));
        visit.Site = site;
        Assert.Equal("/signin?refused=StateUsed", (await visit.ReturnAsync()).Location);
    }

    [Fact]
    public async Task Two_tabs_that_sign_in_at_the_same_time_both_arrive()
    {
        using var visit = await Visit.LeaveAsync(site, provider, "?returnUrl=/requests");
        using var tab = await Visit.LeaveAsync(site, provider, "?returnUrl=/approvals", visit.Cookies);

        Assert.Equal("/approvals", (await tab.ReturnAsync()).Location);
        provider.Token = (http, _) => HttpResponseJsonExtensions.WriteAsJsonAsync(http.Response, new { token_type = "Bearer", id_token = visit.Token.ToString() });
        Assert.Equal("/requests", (await visit.ReturnAsync()).Location);
        Assert.NotNull(await visit.WhoAsync());
    }

    [Fact]
    public async Task Browser_that_signs_in_anew_gets_a_new_cookie_and_the_old_one_is_void()
    {
        using var visit = await Visit.LeaveAsync(site, provider);
        await visit.ReturnAsync();
        var old = visit.Cookies.GetAllCookies().Single(cookie => cookie.Name == "portal").Value;

        await visit.LeaveAsync();
        await visit.ReturnAsync();

        Assert.NotEqual(old, visit.Cookies.GetAllCookies().Single(cookie => cookie.Name == "portal").Value);
        Assert.NotNull(await visit.WhoAsync());
        visit.Cookies.Add(new Cookie("portal", old, "/", "127.0.0.1"));
        Assert.Null(await visit.WhoAsync());
        Assert.Equal("SignedInAgain", await database.ValueAsync<string>("select ended_by from portal.session where ended_at is not null"));
    }

    [Fact]
    public async Task Old_sign_in_ends_also_when_its_cookie_does_not_come_back_from_the_provider()
    {
        using var visit = await Visit.LeaveAsync(site, provider);
        await visit.ReturnAsync();
        await visit.LeaveAsync();
        // As a browser does with SameSite=Lax and a post from another site.
        visit.Cookies.GetAllCookies().Single(cookie => cookie.Name == "portal").Expired = true;

        await visit.ReturnAsync();

        Assert.Equal("SignedInAgain", await database.ValueAsync<string>("select ended_by from portal.session where ended_at is not null"));
    }

    [Fact]
    public async Task Nothing_of_the_provider_reaches_the_cookie_the_trail_or_a_readable_row()
    {
        using var visit = await Visit.LeaveAsync(site, provider);
        visit.Token.Payload["email"] = "dana@contoso.example";
        var idToken = visit.Token.ToString();
        visit.AnswerOtherwise = (http, _) => HttpResponseJsonExtensions.WriteAsJsonAsync(http.Response, new { token_type = "Bearer", access_token = "an-access-token", id_token = idToken });
        await visit.ReturnAsync();

        var everything = string.Join('\n', await database.EverythingAsync());

        foreach (var secret in new[] { idToken, "an-access-token", "a-code", provider.LastExchange!.Value.Form["code_verifier"], SignInSite.ClientSecret, "dana@contoso.example" })
        {
            Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(secret)), everything, StringComparison.OrdinalIgnoreCase);
        }

        Assert.InRange(visit.Cookies.GetAllCookies().Single(cookie => cookie.Name == "portal").Value.Length, 1, 600);
    }

    [Theory]
    [InlineData(-50)]
    [InlineData(50)]
    public async Task Clocks_that_differ_by_less_than_a_minute_do_no_harm(int seconds)
    {
        using var visit = await Visit.LeaveAsync(site, provider);
        foreach (var name in new[] { "iat", "nbf", "exp" })
        {
            visit.Token.Payload[name] = (long)visit.Token.Payload[name]! + seconds;
        }

        Assert.Equal("/requests", (await visit.ReturnAsync()).Location);
    }

    [Theory]
    [InlineData("PS256")]
    [InlineData("RS256 without a type")]
    [InlineData("aud in a list")]
    [InlineData("azp and at_hash")]
    public async Task Tokens_that_differ_as_the_standard_allows_are_taken(string form)
    {
        using var visit = await Visit.LeaveAsync(site, provider);
        switch (form)
        {
            case "PS256":
                visit.Token.Header["alg"] = "PS256";
                visit.Token.Sign = bytes => provider.Key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
                break;
            case "aud in a list":
                visit.Token.Payload["aud"] = new JsonArray("portal");
                break;
            case "azp and at_hash":
                visit.Token.Payload["azp"] = "portal";
                visit.Token.Payload["at_hash"] = Base64UrlEncoder.Encode(SHA256.HashData("an-access-token"u8)[..16]);
                break;
            default:
                visit.Token.Header.Remove("typ");
                break;
        }

        Assert.Equal("/requests", (await visit.ReturnAsync()).Location);
    }

    [Fact]
    public async Task Groups_give_roles_and_groups_that_were_left_out_take_none_that_an_app_role_gives()
    {
        using var visit = await Visit.LeaveAsync(site, provider);
        visit.Token.Payload["groups"] = new JsonArray("approvers", "others");
        await visit.ReturnAsync();
        Assert.EndsWith(" Requester,Approver", await visit.WhoAsync(), StringComparison.Ordinal);

        await visit.LeaveAsync();
        visit.Token.Payload["hasgroups"] = true;
        await visit.ReturnAsync();
        Assert.EndsWith(" Requester", await visit.WhoAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await database.ValueAsync<long>("select count(*) from audit.event where doc -> 'facts' ->> 'lacksGroups' = 'true'"));
    }

    [Fact]
    public async Task Person_who_was_shut_out_does_not_get_in_again()
    {
        using var visit = await Visit.LeaveAsync(site, provider);
        await visit.ReturnAsync();
        await database.AppAsync("update portal.person set disabled_at = now()");
        Assert.Null(await visit.WhoAsync());

        await visit.LeaveAsync();

        Assert.Equal("/signin?refused=PersonShutOut", (await visit.ReturnAsync()).Location);
    }

    [Fact]
    public async Task Client_proves_itself_by_basic_where_the_provider_says_nothing_of_post()
    {
        provider.Metadata = metadata => metadata.Remove("token_endpoint_auth_methods_supported");
        await using var own = await StartAsync();
        using var visit = await Visit.LeaveAsync(own, provider);

        await visit.ReturnAsync();

        var (form, authorization) = provider.LastExchange!.Value;
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("portal:" + SignInSite.ClientSecret)), authorization);
        Assert.DoesNotContain("client_secret", form.Keys);
    }

    [Theory]
    [InlineData(-60, "/requests")]
    [InlineData(-1000, "/signin?refused=IdTokenAuthenticationTime")]
    [InlineData(120, "/signin?refused=IdTokenAuthenticationTime")]
    [InlineData(null, "/signin?refused=IdTokenAuthenticationTime")]
    public async Task Step_up_asks_for_a_fresh_proof_and_takes_no_older_one(int? age, string location)
    {
        using var visit = await Visit.LeaveAsync(site, provider, "?returnUrl=/requests&stepUp=true");
        Assert.Equal("900", visit.Asked["max_age"]);
        if (age is { } seconds)
        {
            visit.Token.Payload["auth_time"] = site.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();
        }

        Assert.Equal(location, (await visit.ReturnAsync()).Location);
    }

    Task<SignInSite> StartAsync() => SignInSite.StartAsync(database, protection, SignInSite.SettingsFor(provider));
}
