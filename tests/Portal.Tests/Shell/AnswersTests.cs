using System.Net;
using Portal.Tests.Support;

namespace Portal.Tests.Shell;

/// <summary>What answers say of themselves, and what they keep to themselves.</summary>
public sealed class AnswersTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Theory]
    [InlineData("/signin", "text/html")]
    [InlineData("/no-such-page", "text/html")]
    [InlineData("/health/ready", "text/plain")]
    [InlineData("/audit/export.csv", "text/csv")]
    [InlineData("/audit/export.csv?from=nonsense", "text/plain")]
    public async Task Text_names_its_type_and_its_characters(string path, string type)
    {
        await using var portal = await WebPortal.StartAsync(Database, Cloud);
        using var auditor = await portal.SignInAsync("Auditor");

        using var answer = await auditor.GetAsync(new Uri(path, UriKind.Relative), Token);

        Assert.Equal((type, "utf-8"), (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentType.CharSet?.ToLowerInvariant()));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/signin")]
    [InlineData("/health/live")]
    public async Task Trace_is_not_answered_with_what_was_sent(string path)
    {
        await using var portal = await WebPortal.StartAsync(Database, Cloud);
        using var browser = await portal.SignInAsync("Developer");
        using var ask = new HttpRequestMessage(HttpMethod.Trace, path);
        ask.Headers.Add("X-Echo", "echo-of-this-header");

        using var answer = await browser.SendAsync(ask, Token);

        Assert.InRange((int)answer.StatusCode, 400, 499);
        Assert.DoesNotContain("echo-of-this-header", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_out_tells_the_browser_to_forget_what_it_keeps()
    {
        await using var portal = await WebPortal.StartAsync(Database, Cloud);
        using var developer = await portal.SignInAsync("Developer");
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", await WebPortal.TokenAsync(developer))]);

        using var answer = await developer.PostAsync(new Uri("/signout", UriKind.Relative), form, Token);

        Assert.Equal((HttpStatusCode.Redirect, "/signin?left=SignedOut"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        Assert.Equal("\"cache\", \"storage\"", Assert.Single(answer.Headers.GetValues("Clear-Site-Data")));
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("portal=;", StringComparison.Ordinal));
        using var later = await developer.GetAsync(new Uri("/requests", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.Redirect, later.StatusCode);
    }
}
