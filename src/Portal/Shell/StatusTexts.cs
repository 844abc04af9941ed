using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Localization;

namespace Portal.Shell;

/// <summary>
/// Says in words why a request was refused, where nobody has said it yet: an answer without a text leaves a person before an empty window.
/// Addresses that are not there have a page of their own.
/// </summary>
public static class StatusTexts
{
    /// <summary>Adds a text to empty answers of 400 and above.</summary>
    public static void UseStatusTexts(this WebApplication app) => app.UseStatusCodePages(async context =>
    {
        var status = context.HttpContext.Response.StatusCode;
        if (status == StatusCodes.Status404NotFound && (HttpMethods.IsGet(context.HttpContext.Request.Method) || HttpMethods.IsHead(context.HttpContext.Request.Method)))
        {
            return;
        }

        var words = context.HttpContext.RequestServices.GetRequiredService<IStringLocalizer<Words>>();
        var text = words[$"Status.{status}"] is { ResourceNotFound: false } known ? known : words["Status.Other", status];
        await Results.Text(text, statusCode: status).ExecuteAsync(context.HttpContext);
    });

    /// <summary>Shows a page in place of an answer that broke.</summary>
    public static void UseErrorPage(this WebApplication app, string path)
    {
        app.UseExceptionHandler(path, createScopeForErrors: true);
        app.Use((http, next) =>
        {
            // The page is looked at, whatever was being done: as the post that broke it would be asked for that form's token.
            if (http.Features.Get<IExceptionHandlerFeature>() is not null)
            {
                http.Request.Method = HttpMethods.Get;
            }

            return next(http);
        });
    }
}
