using System.Text.RegularExpressions;

namespace Portal.BrowserTests.Support;

/// <summary>What a person does to ask for something and to decide, by the names that the pages promise.</summary>
public static partial class Requests
{
    /// <summary>A button by its exact name.</summary>
    public static ILocator Button(this IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>A field by its exact name.</summary>
    public static ILocator Field(this IPage page, string name) => page.GetByLabel(name, new() { Exact = true });

    /// <summary>The message below a field.</summary>
    public static ILocator Problem(this IPage page, string field) =>
        page.Locator(".field, .check-field").Filter(new() { Has = page.Field(field) }).Locator(".field-error");

    /// <summary>Fills in a wish to keep copying <c>organization/repository</c> of the source region.</summary>
    public static async Task FillRuleAsync(this IPage page, string source, string targetRegion, string targetOrganization, string reason = "For the other site")
    {
        await page.GotoAsync("/requests/new/keep-copying");
        var slash = source.IndexOf('/', StringComparison.Ordinal);
        await page.Field("Organization").FillAsync(source[..slash]);
        await page.Field("Repository").FillAsync(source[(slash + 1)..]);
        await page.Field("Target region").SelectOptionAsync(targetRegion);
        await page.Field("Target organization").FillAsync(targetOrganization);
        await page.Field("Reason").FillAsync(reason);
    }

    /// <summary>Fills in a wish to sync a mirror of the source region.</summary>
    public static async Task FillMirrorAsync(this IPage page, int repository, string reason = "The mirror is behind")
    {
        await page.GotoAsync("/requests/new/sync-mirror");
        await page.Field("Repository ID").FillAsync(repository.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await page.Field("Reason").FillAsync(reason);
    }

    /// <summary>Submits what is filled in; gives the new request's id when its page is shown.</summary>
    public static async Task<Guid> SubmitAsync(this IPage page)
    {
        await page.Button("Submit").ClickAsync();
        await Expect(page).ToHaveURLAsync(RequestAddress());
        await page.GetByText("Waiting for an approval").WaitForAsync();
        return Guid.Parse(RequestAddress().Match(page.Url).Groups[1].Value);
    }

    /// <summary>Opens the review of a request and agrees.</summary>
    public static async Task ApproveAsync(this IPage page, Guid request)
    {
        await page.GotoAsync($"/approvals/{request}");
        await page.Button("Approve").ClickAsync();
    }

    /// <summary>The text under a light of the request's item: <c>Sent</c> or <c>Proved</c>.</summary>
    public static ILocator Light(this IPage page, string name, string text) =>
        page.GetByRole(AriaRole.Group, new() { Name = "Sent and proved" }).Locator(".light", new() { HasText = name }).GetByText(text, new() { Exact = true });

    [GeneratedRegex("/requests/([0-9a-f]{8}-[0-9a-f-]{27})$")]
    private static partial Regex RequestAddress();
}
