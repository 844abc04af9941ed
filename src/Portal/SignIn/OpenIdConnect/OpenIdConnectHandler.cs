using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Portal.Access;
using Portal.Audit;
using Portal.Telemetry;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>Options of the scheme; what can be set stands in <see cref="ProviderOptions"/>.</summary>
public sealed class OpenIdConnectSchemeOptions : RemoteAuthenticationOptions;

/// <summary>
/// Signs people in through an OpenID provider: authorization code with PKCE, answered by a form post. Each check is one line with a name of its own
/// (<see cref="SignInFault"/>); docs/sign-in-checks.md lists them with their sources. Whoever passes comes to <see cref="SessionCookie"/>.
/// </summary>
public sealed class OpenIdConnectHandler(
    IOptionsMonitor<OpenIdConnectSchemeOptions> scheme, ILoggerFactory logs, UrlEncoder encoder, IOptions<ProviderOptions> provider, IOptions<SignInOptions> signIn,
    ProviderMetadata metadata, StateSeal seal, UsedOnce usedOnce, TokenExchange exchange, SessionService sessions, AuditTrail audit)
    : RemoteAuthenticationHandler<OpenIdConnectSchemeOptions>(scheme, logs, encoder)
{
    /// <summary>The scheme's name, as Microsoft.Identity.Web registers it.</summary>
    public const string Name = "OpenIdConnect";

    /// <summary>Parameter of a challenge: how long ago, at most, the person may have proved who they are (a <see cref="TimeSpan"/>).</summary>
    public const string MaxAge = "max_age";

    // Where the person wanted to go; known once it is certain that this browser began this sign-in. A handler serves one request.
    string? wanted;

    string RedirectUri => signIn.Value.PublicOrigin.TrimEnd('/') + provider.Value.CallbackPath;

    /// <summary>Sends the browser to the provider with fresh secrets.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        OpenIdConnectConfiguration published;
        try
        {
            published = await metadata.GetAsync(Context.RequestAborted);
        }
        catch (SignInRefusedException refused)
        {
            await RefuseAsync(refused);
            return;
        }

        var state = SignInState.Begin(
            LocalUrl.OrHome(properties.RedirectUri), published.Issuer, RedirectUri, properties.GetParameter<TimeSpan?>(MaxAge), Actor.From(Context.User)?.Session, TimeProvider.GetUtcNow());
        GenerateCorrelationId(state.Properties);
        var query = new Dictionary<string, string?>
        {
            ["client_id"] = provider.Value.ClientId,
            ["response_type"] = "code",
            ["response_mode"] = "form_post",
            ["scope"] = "openid profile",
            ["redirect_uri"] = state.RedirectUri,
            ["state"] = seal.Seal(state),
            ["nonce"] = state.Nonce,
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(state.Verifier))),
            ["code_challenge_method"] = "S256",
        };
        if (state.MaxAge is { } age)
        {
            query["max_age"] = ((int)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        Response.Redirect(QueryHelpers.AddQueryString(published.AuthorizationEndpoint, query));
    }

    /// <summary>Takes the browser back, or refuses it. What is refused has changed nothing and is in the trail.</summary>
    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        try
        {
            return HandleRequestResult.Success(await SignInAsync());
        }
        catch (SignInRefusedException refused)
        {
            await RefuseAsync(refused);
            return HandleRequestResult.Handle();
        }
    }

    async Task<AuthenticationTicket> SignInAsync()
    {
        var callback = await Callback.ReadAsync(Request, Context.RequestAborted);
        var state = callback.State(seal, TimeProvider.GetUtcNow());
        Refuse.When(!ValidateCorrelationId(state.Properties), SignInFault.AnotherBrowser);
        Refuse.When(!await usedOnce.TakeAsync("state", SHA256.HashData(Encoding.ASCII.GetBytes(state.Id)), SignInState.Valid, CancellationToken.None), SignInFault.StateUsed);
        wanted = state.ReturnUrl;

        var published = await metadata.GetAsync(Context.RequestAborted);
        var code = callback.Code(state, published.Issuer, published.AuthorizationResponseIssParameterSupported);
        var (idToken, accessToken) = await exchange.RedeemAsync(code, state, published, Context.RequestAborted);
        var token = await JsonToken.ReadAsync(idToken, key => metadata.WithKeyAsync(key, Context.RequestAborted), "JWT");
        IdToken.Check(token, provider.Value, signIn.Value, published.Issuer, state, accessToken, TimeProvider.GetUtcNow());
        Refuse.When(provider.Value.IsEntra && !await token.HasKeyOfItsTenantAsync(), SignInFault.IdTokenTenantKey);
        Refuse.When(callback.Issuer is { } named && named != token.Text("iss"), SignInFault.IssuerParameter);

        var principal = new ClaimsPrincipal(new ClaimsIdentity(token.Claims(Identity.Claims), Name));
        var who = Identity.From(principal, signIn.Value)!;
        Refuse.When(who.LacksGroups && who.Roles.Count == 0 && signIn.Value.RolesByGroup.Count > 0, SignInFault.GroupsLeftOut);
        Refuse.When(await sessions.IsShutOutAsync(who.PersonId, CancellationToken.None), SignInFault.PersonShutOut);
        return new AuthenticationTicket(principal, Kept(state, idToken), Name);
    }

    // Code, access token and verifier end here; the ID token goes to the session's row, for the sign-out at the provider.
    static AuthenticationProperties Kept(SignInState state, string idToken)
    {
        var kept = new AuthenticationProperties { RedirectUri = state.ReturnUrl };
        kept.StoreTokens([new AuthenticationToken { Name = SessionCookie.IdTokenName, Value = idToken }]);
        if (state.Properties.Items.TryGetValue(SessionCookie.ReplacesName, out var replaces))
        {
            kept.Items[SessionCookie.ReplacesName] = replaces;
        }

        return kept;
    }

    async Task RefuseAsync(SignInRefusedException refused)
    {
        var address = Context.Connection.RemoteIpAddress?.ToString();
        // Its type is enough: a message of a library may repeat what was sent.
        Logger.LogWarning("A sign-in was refused: {Fault} {Cause}", refused.Fault, refused.InnerException?.GetType().Name);
        Measures.CountSignIn("provider", "refused");
        await audit.RecordAloneAsync(Actor.System with { Address = address }, AuditKind.SignInRefused, new JsonObject
        {
            ["why"] = refused.Fault.ToString(),
            ["address"] = address,
            ["issuer"] = provider.Value.Issuer,
        });
        // Whoever cancelled at the provider did nothing wrong, and may want to go on.
        var back = refused.Fault == SignInFault.ProviderSaidNo && wanted is not null ? $"&returnUrl={Uri.EscapeDataString(wanted)}" : "";
        Response.Redirect($"/signin?refused={refused.Fault}{back}");
    }
}
