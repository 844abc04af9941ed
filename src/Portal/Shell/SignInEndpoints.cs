using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.SignIn;
using Portal.SignIn.OpenIdConnect;
using Portal.Telemetry;

namespace Portal.Shell;

/// <summary>What begins and ends a sign-in. Posts need an antiforgery token; everything is audited.</summary>
public static class SignInEndpoints
{
    /// <summary>How long ago, at most, a person may have proved who they are to the provider when something asks for a fresh proof.</summary>
    static readonly TimeSpan StepUpAge = TimeSpan.FromMinutes(15);

    /// <summary>Maps sign-out, the way to the provider where one is configured, and the sign-in of personas while those are on.</summary>
    public static void MapSignIn(this WebApplication app)
    {
        app.MapPost("/signout", SignOutAsync);
        if (app.Services.GetRequiredService<IOptions<ProviderOptions>>().Value.IsConfigured)
        {
            app.MapGet("/signin/provider", ToProvider).AllowAnonymous();
        }

        if (app.Configuration.GetValue<bool>(Personas.Setting))
        {
            app.MapPost("/signin/persona", SignInPersonaAsync).AllowAnonymous();
        }
    }

    // A path under which nothing is changed: a foreign page that opens it leads its visitor to the provider and back, no more.
    static IResult ToProvider(string? returnUrl, bool? stepUp)
    {
        var properties = new AuthenticationProperties { RedirectUri = returnUrl };
        if (stepUp == true)
        {
            properties.SetParameter<TimeSpan?>(OpenIdConnectHandler.MaxAge, StepUpAge);
        }

        return Results.Challenge(properties, [OpenIdConnectHandler.Name]);
    }

    static async Task<IResult> SignInPersonaAsync(
        HttpContext http, [FromForm] string? persona, [FromForm] string? returnUrl)
    {
        // The start-up guard reads settings; this one looks at the connection that really came, and at whom a known proxy says it is for.
        if (http.Connection.LocalIpAddress is { } local && !IPAddress.IsLoopback(local)
            || http.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote))
        {
            Measures.CountSignIn("persona", "refused");
            return Results.NotFound();
        }

        if (Personas.All.FirstOrDefault(known => Personas.ButtonOf(known) == persona) is not { } found)
        {
            return Results.BadRequest();
        }

        await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, found.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme));
        return Results.LocalRedirect(LocalUrl.OrHome(returnUrl));
    }

    static async Task<IResult> SignOutAsync(HttpContext http, SessionService sessions, IAntiforgery antiforgery)
    {
        try
        {
            await antiforgery.ValidateRequestAsync(http);
        }
        catch (AntiforgeryValidationException)
        {
            // No token, another's, or a form that cannot be read.
            return Results.BadRequest();
        }

        var signedOut = Actor.From(http.User) is { } actor ? await sessions.SignOutAsync(actor, CancellationToken.None) : null;
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        http.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return signedOut?.Issuer is not null && await ProviderSignOutAsync(http, signedOut) is { } provider ? Results.Redirect(provider) : Results.LocalRedirect("/signin?left=SignedOut");
    }

    static async Task<string?> ProviderSignOutAsync(HttpContext http, SignedOut signedOut)
    {
        var services = http.RequestServices;
        return services.GetService<ProviderMetadata>() is not { } metadata ? null : await LogoutEndpoints.AddressAsync(
            metadata, services.GetRequiredService<IOptions<ProviderOptions>>().Value, services.GetRequiredService<IOptions<SignInOptions>>().Value, signedOut.IdToken, http.RequestAborted);
    }
}
