using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Telemetry;

namespace Portal.SignIn;

/// <summary>
/// What the sign-in cookie holds and what it is worth: an id and a key. Who it is and what they may is asked of the database with each
/// request. Whoever signs somebody in, a provider or a persona's button, comes through here.
/// </summary>
public sealed class SessionCookie(Sessions sessions, SessionService service, IOptions<SignInOptions> options) : CookieAuthenticationEvents
{
    const string KeyClaim = "portal_key";

    /// <summary>Where a provider's handler leaves the ID token for the sign-out.</summary>
    public const string IdTokenName = "id_token";

    /// <summary>Where a provider's handler leaves the id of the sign-in that the browser had when it left for the provider: its cookie does not come back from there.</summary>
    public const string ReplacesName = "replaces";

    /// <summary>Begins a new sign-in with a new key, whatever the browser had before (session fixation, ASVS 7.2.4).</summary>
    public override async Task SigningIn(CookieSigningInContext context)
    {
        var http = context.HttpContext;
        var who = Identity.From(context.Principal!, options.Value) ?? throw new InvalidOperationException("Somebody was let in without saying who they are.");
        var from = new SignInOrigin(
            http.Connection.RemoteIpAddress?.ToString(), http.Request.Headers.UserAgent, context.Properties.GetTokenValue(IdTokenName), Replaced(context));
        var (session, key) = await service.BeginAsync(who, from, CancellationToken.None);
        Measures.CountSignIn(who.Issuer is null ? "persona" : "provider", "accepted");
        context.Properties.Items.Clear();
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(Actor.SessionClaim, session.ToString()), new Claim(KeyClaim, Convert.ToBase64String(key))], context.Scheme.Name));
    }

    /// <summary>Puts the person with the roles of this moment in the place of what the cookie says, or nobody.</summary>
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        if (http.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            // The page that says something went wrong is for anybody: it must not fail as well when it is the database that is away.
            context.RejectPrincipal();
            return;
        }

        if (Guid.TryParse(context.Principal?.FindFirstValue(Actor.SessionClaim), out var session)
            && context.Principal!.FindFirstValue(KeyClaim) is { } key
            && await sessions.ActorAsync(session, http.Connection.RemoteIpAddress?.ToString(), HashOf(key), http.RequestAborted) is { } actor)
        {
            await sessions.TouchAsync(session, http.RequestAborted);
            context.ReplacePrincipal(actor.ToPrincipal(context.Scheme.Name));
            return;
        }

        context.RejectPrincipal();
    }

    static Guid? Replaced(CookieSigningInContext context) =>
        context.Properties.Items.TryGetValue(ReplacesName, out var name) && Guid.TryParse(name, out var session) ? session : Actor.From(context.HttpContext.User)?.Session;

    static byte[] HashOf(string key)
    {
        var bytes = new byte[32];
        return Convert.TryFromBase64String(key, bytes, out var length) && length == bytes.Length ? SHA256.HashData(bytes) : [];
    }
}
