using System.Net;
using System.Text.Json.Nodes;
using Portal.SignIn.OpenIdConnect;
using Portal.Tests.Support;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>Sign-outs that the provider tells of end what they name; everything else ends nothing.</summary>
public sealed class LogoutTests(PostgresFixture postgres, FrontDoor front) : IClassFixture<FrontDoor>, IAsyncLifetime
{
    static readonly (string Name, SignInFault Refused, Action<GivenToken> Change)[] Attacks =
    [
        ("an ID token", SignInFault.IdTokenType, token => token.Header["typ"] = "JWT"),
        ("an ID token without a type", SignInFault.LogoutEvent, token => (token.Header["typ"], token.Payload["events"]) = (null, null)),
        ("alg none", SignInFault.IdTokenAlgorithm, token => (token.Header["alg"], token.Sign) = ("none", _ => [])),
        ("no signature", SignInFault.IdTokenSignature, token => token.Sign = _ => []),
        ("an unknown key", SignInFault.IdTokenKeyUnknown, token => token.Header["kid"] = "key-9"),
        ("iss of another provider", SignInFault.IdTokenIssuer, token => token.Payload["iss"] = "https://evil.example"),
        ("aud of another client", SignInFault.IdTokenAudience, token => token.Payload["aud"] = "other"),
        ("made eleven minutes ago", SignInFault.IdTokenIssuedAt, token => token.Payload["iat"] = (long)token.Payload["iat"]! - 660),
        ("made tomorrow", SignInFault.IdTokenIssuedAt, token => token.Payload["iat"] = (long)token.Payload["iat"]! + 86_400),
        ("no iat", SignInFault.IdTokenIssuedAt, token => token.Payload.Remove("iat")),
        ("expired", SignInFault.IdTokenExpiry, token => token.Payload["exp"] = (long)token.Payload["iat"]! - 120),
        ("no event", SignInFault.LogoutEvent, token => token.Payload.Remove("events")),
        ("another event", SignInFault.LogoutEvent, token => token.Payload["events"] = new JsonObject { ["http://schemas.openid.net/event/other"] = new JsonObject() }),
        ("events in a list", SignInFault.LogoutEvent, token => token.Payload["events"] = new JsonArray("http://schemas.openid.net/event/backchannel-logout")),
        ("an event that is a text", SignInFault.LogoutEvent, token => token.Payload["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = "yes" }),
        ("a nonce", SignInFault.LogoutNonce, token => token.Payload["nonce"] = "x"),
        ("nobody named", SignInFault.LogoutName, token => (token.Payload["sub"], token.Payload["sid"]) = (null, null)),
        ("no jti", SignInFault.LogoutTokenId, token => token.Payload.Remove("jti")),
        ("jti a number", SignInFault.IdTokenSignature, token => token.Payload["jti"] = 7),
        ("two sub", SignInFault.IdTokenMemberTwice, token => token.PayloadText = text => text.Replace("\"sub\":", "\"sub\":\"x\",\"sub\":", StringComparison.Ordinal)),
    ];

    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    Visit visit = null!;
    DateTime since;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Attacks.Select(attack => attack.Name)];

    public async ValueTask InitializeAsync()
    {
        await front.OpenAsync(postgres);
        // The sign-ins and the trail of the tests before are none of this one's.
        await front.Database.UnguardedAsync("delete from portal.session");
        since = await front.Database.ValueAsync<DateTime>("select clock_timestamp()");
        visit = await Visit.LeaveAsync(front.Site, front.Provider);
        await visit.ReturnAsync();
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        visit.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("sid")]
    [InlineData("sub")]
    [InlineData("sid and sub")]
    public async Task Provider_that_says_so_ends_the_sign_in(string by)
    {
        var token = GivenToken.Logout(front.Provider, front.Site.Clock.GetUtcNow());
        if (!by.Contains("sub", StringComparison.Ordinal))
        {
            token.Payload.Remove("sub");
        }

        if (!by.Contains("sid", StringComparison.Ordinal))
        {
            token.Payload.Remove("sid");
        }

        var (status, headers) = await PostAsync(token.ToString());

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("no-store", headers, StringComparison.Ordinal);
        Assert.Null(await visit.WhoAsync());
        Assert.Equal(1, await front.Database.ValueAsync<long>(
            "select count(*) from audit.event where at > $1 and kind = 'session.ended' and doc::text like '%EndedByProvider%'", since));
    }

    [Fact]
    public async Task Token_is_taken_once()
    {
        var token = GivenToken.Logout(front.Provider, front.Site.Clock.GetUtcNow()).ToString();
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(token)).Status);
        await visit.LeaveAsync();
        await visit.ReturnAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(token)).Status);

        Assert.Equal(Visit.Dana, await visit.WhoAsync());
        Assert.Equal("LogoutUsed", await WhyAsync());
    }

    [Fact]
    public async Task Somebody_else_is_not_signed_out()
    {
        var token = GivenToken.Logout(front.Provider, front.Site.Clock.GetUtcNow());
        (token.Payload["sub"], token.Payload["sid"]) = ("subject-of-deniz", "another-session");

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(token.ToString())).Status);

        Assert.Equal(Visit.Dana, await visit.WhoAsync());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Hostile_token_ends_nothing_and_is_refused_by_its_check(string name)
    {
        var attack = Attacks.Single(known => known.Name == name);
        var token = GivenToken.Logout(front.Provider, front.Site.Clock.GetUtcNow());
        attack.Change(token);
        foreach (var member in token.Payload.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            token.Payload.Remove(member);
        }

        if (token.Header["typ"] is null)
        {
            token.Header.Remove("typ");
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(token.ToString())).Status);

        Assert.Equal(Visit.Dana, await visit.WhoAsync());
        Assert.Equal(attack.Refused.ToString(), await WhyAsync());
    }

    [Theory]
    [InlineData("no token")]
    [InlineData("two tokens")]
    [InlineData("JSON")]
    [InlineData("70 KB")]
    public async Task Form_that_is_not_as_it_must_be_ends_nothing(string what)
    {
        var token = GivenToken.Logout(front.Provider, front.Site.Clock.GetUtcNow()).ToString();
        using HttpContent content = what switch
        {
            "no token" => new FormUrlEncodedContent([new("token", token)]),
            "two tokens" => new FormUrlEncodedContent([new("logout_token", token), new("logout_token", token)]),
            "70 KB" => new FormUrlEncodedContent([new("logout_token", token), new("padding", new string('x', 70_000))]),
            _ => new StringContent($$"""{"logout_token":"{{token}}"}""", System.Text.Encoding.UTF8, "application/json"),
        };

        using var answer = await http.PostAsync(new Uri(front.Site.Address + "/signout-backchannel"), content, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(Visit.Dana, await visit.WhoAsync());
        Assert.Equal("LogoutForm", await WhyAsync());
    }

    [Theory]
    [InlineData("?iss={iss}&sid=session-there", true)]
    [InlineData("?iss={iss}&sid=another", false)]
    [InlineData("?iss=https://evil.example&sid=session-there", false)]
    [InlineData("?sid=session-there", false)]
    [InlineData("?iss={iss}", false)]
    [InlineData("", false)]
    public async Task Frame_of_the_provider_ends_the_session_that_it_names(string query, bool ends)
    {
        using var answer = await http.GetAsync(new Uri(front.Site.Address + "/signout-frontchannel" + query.Replace("{iss}", front.Provider.Issuer, StringComparison.Ordinal)), Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(ends, await visit.WhoAsync() is null);
    }

    async Task<(HttpStatusCode Status, string CacheControl)> PostAsync(string token)
    {
        using var content = new FormUrlEncodedContent([new("logout_token", token)]);
        using var answer = await http.PostAsync(new Uri(front.Site.Address + "/signout-backchannel"), content, Token);
        return (answer.StatusCode, answer.Headers.CacheControl?.ToString() ?? "");
    }

    Task<string> WhyAsync() => front.Database.ValueAsync<string>(
        "select doc -> 'facts' ->> 'why' from audit.event where at > $1 and kind = 'login.refused' order by at desc limit 1", since);
}
