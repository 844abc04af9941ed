using Portal.Access;

namespace Portal.Tests.Access;

public sealed class LocalUrlTests
{
    public static TheoryData<string> Local { get; } =
        ["/", "/requests", "/requests/new?kind=a&b=https://example.com", "/a#b", "/a//b", "/%2f%2fexample.com", "/审批", "/a/../b", "/?//example.com"];

    public static TheoryData<string> Elsewhere { get; } =
    [
        "", " ", "//example.com", "///example.com", "/\\example.com", "\\\\example.com", "\\/example.com", "https://example.com", "http:example.com",
        "javascript:alert(1)", "data:text/html,x", "example.com", "requests", "./requests", "../requests", "?a", "#a", " /requests",
        "/\t/example.com", "/\n/example.com", "/\r\nSet-Cookie: a=b", "/a\0b", "\t//example.com", "/\u0085/example.com", "/\u007f/example.com",
        "/" + new string('a', 2048),
    ];

    [Theory]
    [MemberData(nameof(Local))]
    public void OrHome_path_inside_the_portal_is_followed(string url) => Assert.Equal(url, LocalUrl.OrHome(url));

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public void OrHome_anything_else_leads_home(string url)
    {
        Assert.False(LocalUrl.IsLocal(url));
        Assert.Equal("/", LocalUrl.OrHome(url));
    }

    [Fact]
    public void OrHome_without_an_address_leads_home() => Assert.Equal("/", LocalUrl.OrHome(null));

    /// <summary>What a browser makes of it decides: resolved against the portal, the host stays.</summary>
    [Theory]
    [MemberData(nameof(Local))]
    public void IsLocal_what_is_followed_stays_on_the_host(string url) => Assert.Equal("portal.test", new Uri(new Uri("https://portal.test/x"), url).Host);
}
