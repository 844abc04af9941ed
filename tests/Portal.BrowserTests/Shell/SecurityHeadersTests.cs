namespace Portal.BrowserTests.Shell;

/// <summary>What every answer says to browsers. That no page breaks the policy is seen by every other test: a violation is an error in the console.</summary>
public sealed class SecurityHeadersTests(PortalFixture fixture) : BrowserTest(fixture)
{
    [Theory]
    [InlineData("/signin", 200)]
    [InlineData("/requests", 302)]
    [InlineData("/no-such-page", 404)]
    [InlineData("/portal.css", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/_blazor/negotiate", 405)]
    public async Task Every_answer_protects_itself(string path, int status)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var answer = await client.GetAsync(new Uri(Portal.Address + path), TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        string Header(string name) => Assert.Single(answer.Headers.GetValues(name));
        var policy = Header("Content-Security-Policy");
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("DENY", Header("X-Frame-Options"));
        Assert.Equal("same-origin", Header("Referrer-Policy"));
        Assert.Equal("same-origin", Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
        Assert.Contains("camera=()", Header("Permissions-Policy"), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"), "It names its server.");
        Assert.StartsWith(path.EndsWith(".css", StringComparison.Ordinal) ? "no-cache" : "no-store", Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_that_no_form_of_the_portal_has_is_refused()
    {
        using var client = new HttpClient();
        using var body = new ByteArrayContent(new byte[2 * 1024 * 1024]);
        body.Headers.ContentType = new("application/x-www-form-urlencoded");
        using var answer = await client.PostAsync(new Uri(Portal.Address + "/signin/persona"), body, TestContext.Current.CancellationToken);

        Assert.Equal(413, (int)answer.StatusCode);
    }
}
