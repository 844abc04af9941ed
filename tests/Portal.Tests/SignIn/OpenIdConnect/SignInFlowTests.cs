using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using Portal.SignIn.OpenIdConnect;
using Portal.Tests.Support;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>What the portal asks the provider for, and what it takes for an answer.</summary>
public sealed class SignInFlowTests(PostgresFixture postgres) : SignInTest(postgres)
{
    [Fact]
    public async Task Provider_is_asked_for_a_code_by_form_post_with_a_challenge_and_the_registered_address()
    {
        using var visit = await Visit.LeaveAsync(Site, Provider);

        Assert.StartsWith(Provider.Instance + "/authorize?", visit.Left, StringComparison.Ordinal);
        Assert.Equal(
            ("portal", "code", "form_post", "openid profile", SignInSite.PublicOrigin + "/signin-oidc", "S256"),
            (visit.Asked["client_id"], visit.Asked["response_type"], visit.Asked["response_mode"], visit.Asked["scope"], visit.Asked["redirect_uri"], visit.Asked["code_challenge_method"]));
        Assert.Equal(["client_id", "code_challenge", "code_challenge_method", "nonce", "redirect_uri", "response_mode", "response_type", "scope", "state"], visit.Asked.Keys.Order());

        await visit.ReturnAsync();
        var form = Provider.LastExchange!.Value.Form;
        Assert.Equal(
            ("authorization_code", "a-code", SignInSite.PublicOrigin + "/signin-oidc", "portal", SignInSite.ClientSecret),
            (form["grant_type"], form["code"], form["redirect_uri"], form["client_id"], form["client_secret"]));
        Assert.Equal(visit.Asked["code_challenge"], Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]))));
    }

    [Fact]
    public async Task Every_sign_in_has_secrets_of_its_own_of_256_bits()
    {
        using var one = await Visit.LeaveAsync(Site, Provider);
        using var other = await Visit.LeaveAsync(Site, Provider);

        foreach (var name in new[] { "state", "nonce", "code_challenge" })
        {
            Assert.NotEqual(one.Asked[name], other.Asked[name]);
        }

        var (first, second) = (Site.Seal.Open(one.Asked["state"])!, Site.Seal.Open(other.Asked["state"])!);
        foreach (var secret in new Func<SignInState, string>[] { state => state.Id, state => state.Nonce, state => state.Verifier })
        {
            Assert.Equal(32, Base64UrlEncoder.DecodeBytes(secret(first)).Length);
            Assert.NotEqual(secret(first), secret(second));
        }
    }

    [Fact]
    public async Task State_says_nothing_to_who_carries_it()
    {
        using var visit = await Visit.LeaveAsync(Site, Provider);
        var state = Site.Seal.Open(visit.Asked["state"])!;

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
        using var visit = await Visit.LeaveAsync(Site, Provider, query);

        Assert.Equal((HttpStatusCode.Redirect, "/"), await visit.ReturnAsync());
    }

    [Fact]
    public async Task Sign_in_that_begins_at_one_node_ends_at_another_and_only_once()
    {
        await using var other = await StartAsync();
        using var visit = await Visit.LeaveAsync(Site, Provider);
        var cookies = visit.Cookies.GetAllCookies().ToList();
        visit.Site = other;

        Assert.Equal("/requests", (await visit.ReturnAsync()).Location);
        Assert.Equal(Visit.Dana, await visit.WhoAsync());

        cookies.ForEach(cookie => visit.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "127.0.0.1")));
        visit.Site = Site;
        Assert.Equal("/signin?refused=StateUsed", (await visit.ReturnAsync()).Location);
    }

    [Fact]
    public async Task Two_tabs_that_sign_in_at_the_same_time_both_arrive()
    {
        using var visit = await Visit.LeaveAsync(Site, Provider, "?returnUrl=/requests");
        using var tab = await Visit.LeaveAsync(Site, Provider, "?returnUrl=/approvals", visit.Cookies);

        Assert.Equal("/approvals", (await tab.ReturnAsync()).Location);
        Provider.Token = (http, _) => HttpResponseJsonExtensions.WriteAsJsonAsync(http.Response, new { token_type = "Bearer", id_token = visit.Token.ToString() });
        Assert.Equal("/requests", (await visit.ReturnAsync()).Location);
        Assert.Equal(Visit.Dana, await visit.WhoAsync());
    }

    [Theory]
    [InlineData(-50)]
    [InlineData(50)]
    public async Task Clocks_that_differ_by_less_than_a_minute_do_no_harm(int seconds)
    {
        using var visit = await Visit.LeaveAsync(Site, Provider);
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
        using var visit = await Visit.LeaveAsync(Site, Provider);
        switch (form)
        {
            case "PS256":
                visit.Token.Header["alg"] = "PS256";
                visit.Token.Sign = bytes => Provider.Key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
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
    public async Task Client_proves_itself_by_basic_where_the_provider_says_nothing_of_post()
    {
        Provider.Metadata = metadata => metadata.Remove("token_endpoint_auth_methods_supported");
        await using var own = await StartAsync();
        using var visit = await Visit.LeaveAsync(own, Provider);

        await visit.ReturnAsync();

        var (form, authorization) = Provider.LastExchange!.Value;
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
        using var visit = await Visit.LeaveAsync(Site, Provider, "?returnUrl=/requests&stepUp=true");
        Assert.Equal("900", visit.Asked["max_age"]);
        if (age is { } seconds)
        {
            visit.Token.Payload["auth_time"] = Site.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();
        }

        Assert.Equal(location, (await visit.ReturnAsync()).Location);
    }
}
