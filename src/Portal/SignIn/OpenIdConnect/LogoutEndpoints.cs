using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Audit;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>How sign-outs travel between the portal and the provider, in both directions.</summary>
public static class LogoutEndpoints
{
    /// <summary>Maps where the provider says that somebody signed out there, and where it sends browsers after a sign-out that began here.</summary>
    public static void MapProviderLogout(this WebApplication app)
    {
        var (provider, signIn) = (app.Services.GetRequiredService<IOptions<ProviderOptions>>().Value, app.Services.GetRequiredService<IOptions<SignInOptions>>().Value);
        if (!provider.IsConfigured)
        {
            return;
        }

        app.MapGet(provider.SignedOutCallbackPath, () => Results.LocalRedirect("/signin?left=SignedOut")).AllowAnonymous();
        app.MapGet(signIn.FrontChannelLogoutPath, FrontChannelAsync).AllowAnonymous();
        app.MapPost(signIn.BackChannelLogoutPath, BackChannelAsync).AllowAnonymous().DisableAntiforgery();
    }

    /// <summary>Where the browser goes to sign out at the provider too; null when the provider has no such place or does not answer.</summary>
    public static async Task<string?> AddressAsync(ProviderMetadata metadata, ProviderOptions provider, SignInOptions signIn, string? idToken, CancellationToken token)
    {
        try
        {
            var published = await metadata.GetAsync(token);
            return published.EndSessionEndpoint is not { Length: > 0 } end ? null : QueryHelpers.AddQueryString(end, new Dictionary<string, string?>
            {
                ["client_id"] = provider.ClientId,
                ["id_token_hint"] = idToken,
                ["post_logout_redirect_uri"] = signIn.PublicOrigin.TrimEnd('/') + provider.SignedOutCallbackPath,
            });
        }
        catch (SignInRefusedException)
        {
            // Signed out here in any case.
            return null;
        }
    }

    // In a frame of the provider's page, without the portal's cookie: the name of a live session there is the only proof, and nobody can guess it.
    static async Task<IResult> FrontChannelAsync(string? iss, string? sid, SessionService sessions)
    {
        if (iss is { Length: > 0 } && sid is { Length: > 0 })
        {
            await sessions.EndByProviderAsync(iss, null, sid, CancellationToken.None);
        }

        return Results.Text("");
    }

    static async Task<IResult> BackChannelAsync(
        HttpContext http, ProviderMetadata metadata, IOptions<ProviderOptions> provider, UsedOnce usedOnce, SessionService sessions, AuditTrail audit, TimeProvider time)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            var form = http.Request.HasFormContentType ? await Callback.ReadFormAsync(http.Request, http.RequestAborted) : null;
            Refuse.When(form is null || !form.TryGetValue("logout_token", out var value) || value.Count != 1, SignInFault.LogoutForm);
            var published = await metadata.GetAsync(http.RequestAborted);
            var token = await JsonToken.ReadAsync(form["logout_token"].ToString(), key => metadata.WithKeyAsync(key, http.RequestAborted), LogoutToken.Type);
            LogoutToken.Check(token, provider.Value, published.Issuer, time.GetUtcNow());
            var id = SHA256.HashData(Encoding.UTF8.GetBytes(token.Text("jti")!));
            Refuse.When(!await usedOnce.TakeAsync("logout", id, LogoutToken.Valid + LogoutToken.Valid, CancellationToken.None), SignInFault.LogoutUsed);
            await sessions.EndByProviderAsync(token.Text("iss")!, token.Text("sub"), token.Text("sid"), CancellationToken.None);
            return Results.Ok();
        }
        catch (SignInRefusedException refused)
        {
            var address = http.Connection.RemoteIpAddress?.ToString();
            await audit.RecordAloneAsync(Actor.System with { Address = address }, AuditKind.SignInRefused, new JsonObject
            {
                ["why"] = refused.Fault.ToString(),
                ["address"] = address,
                ["issuer"] = provider.Value.Issuer,
            });
            return Results.Json(new { error = "invalid_request" }, statusCode: StatusCodes.Status400BadRequest);
        }
    }
}
