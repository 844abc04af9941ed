using Microsoft.AspNetCore.Components.Endpoints;
using Portal.Access;
using Portal.Approvals;
using Portal.Audit;
using Portal.Kinds;
using Portal.People;
using Portal.Requests;

namespace Portal.Shell;

/// <summary>
/// Answers 404 for the page of something that is not there, or not for this person to see. A page itself cannot: it begins only when the
/// answer that its browser got is long complete. What the person reads there, the page says.
/// </summary>
public static class MissingPages
{
    /// <summary>Looks behind the authorization, so that it tells nobody more than the page would.</summary>
    public static void UseMissingPages(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page && Actor.From(http.User) is { } actor
            && !await IsThereAsync(page.Type, http, actor))
        {
            // Only when the answer begins: set now, it would be taken for an address that is not there, and another page made of it.
            http.Response.OnStarting(() =>
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        }

        await next(http);
    });

    static async Task<bool> IsThereAsync(Type page, HttpContext http, Actor actor)
    {
        T Get<T>()
            where T : notnull => http.RequestServices.GetRequiredService<T>();
        var id = Guid.TryParse(http.GetRouteValue("Id")?.ToString(), out var given) ? given : Guid.Empty;
        return page switch
        {
            _ when page == typeof(RequestPage) || page == typeof(ReviewPage) => await Get<RequestReader>().MaySeeAsync(id, actor, http.RequestAborted),
            _ when page == typeof(AuditEventPage) => !actor.May(Permission.ReadAudit) || await Get<AuditService>().ExistsAsync(id, http.RequestAborted),
            _ when page == typeof(PersonPage) => !actor.May(Permission.ManagePeople) || await Get<PeopleService>().ExistsAsync(http.Request.Query["id"].ToString(), http.RequestAborted),
            _ when page == typeof(RequestFormPage) => Get<KindList>().Find(http.GetRouteValue("KindName")?.ToString()) is not null,
            _ => true,
        };
    }
}
