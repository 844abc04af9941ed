using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Portal.Access;
using Portal.Audit;
using Portal.Telemetry;

namespace Portal.Shell;

/// <summary>The two posts that begin and end a session; both are audited and need an antiforgery token.</summary>
public static class SignInEndpoints
{
    /// <summary>Maps sign-out, and the sign-in of personas while those are on.</summary>
    public static void MapSignIn(this WebApplication app)
    {
        app.MapPost("/signout", SignOutAsync);
        if (app.Configuration.GetValue<bool>(Personas.Setting))
        {
            app.MapPost("/signin/persona", SignInPersonaAsync).AllowAnonymous();
        }
    }

    static async Task<IResult> SignInPersonaAsync(
        HttpContext http, [FromForm] string? persona, [FromForm] string? returnUrl, Sessions sessions, AuditTrail audit)
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

        var actor = found with { Address = http.Connection.RemoteIpAddress?.ToString(), Session = Guid.CreateVersion7() };
        await sessions.BeginAsync(actor, CancellationToken.None);
        await audit.RecordAloneAsync(actor, AuditKind.SignedIn, new() { ["persona"] = persona });
        Measures.CountSignIn("persona", "accepted");
        await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, actor.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme));
        return Results.LocalRedirect(LocalUrl.OrHome(returnUrl));
    }

    static async Task<IResult> SignOutAsync(HttpContext http, Sessions sessions, AuditTrail audit, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Results.BadRequest();
        }

        if (Actor.From(http.User) is { } actor)
        {
            if (actor.Session is { } session)
            {
                // Before the record: its announcement is what makes the other tabs look.
                await sessions.EndAsync(session, CancellationToken.None);
            }

            await audit.RecordAloneAsync(actor, AuditKind.SignedOut, []);
        }

        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.LocalRedirect("/signin");
    }
}
