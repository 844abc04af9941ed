using Bunit;
using Portal.Controls;

namespace Portal.Tests.Controls;

public sealed class WholeNamesTests : ControlTest
{
    const string Name = "<span class=\"whole-name\">";

    [Theory]
    [InlineData("GET /swr/cn-east-3/v2", $"GET /<wbr />swr/<wbr />{Name}cn-east-3/</span>v2")]
    [InlineData("https://127.0.0.1:7802/a?b=c-d&e", $"https://<wbr />127.0.0.1:7802/<wbr />a?<wbr />{Name}b=c-d&amp;</span>e")]
    [InlineData("{\"a\":\"team-a\",\"b\":1}", $"{{\"a\":<wbr />{Name}\"team-a\",</span>\"b\":1}}")]
    [InlineData("仓库team-a位于cn-north-4。", $"仓库{Name}team-a</span>位于{Name}cn-north-4。</span>")]
    [InlineData("mobile (cn-south-1) → x", $"mobile {Name}(cn-south-1)</span> → x")]
    [InlineData("Nothing to keep whole - here", "Nothing to keep whole - here")]
    [InlineData("the end/", "the end/")]
    [InlineData("", "")]
    public void Render_breaks_after_separators_and_keeps_names_with_hyphens_whole(string text, string markup) =>
        Assert.Equal(markup, Render<WholeNames>(p => p.Add(c => c.Text, text)).Markup.Replace("&quot;", "\"", StringComparison.Ordinal));

    [Theory]
    [InlineData("curl --data-raw '{\"remoteRegionId\":\"cn-east-3\"}' https://swr-api.cn-north-4.example/v2/manage/namespaces/team-a/repos/backend$order-api")]
    [InlineData("<script>-</script> & a-b\n  c:d, e/f//g -- --")]
    public void Render_changes_no_character(string text)
    {
        Assert.Equal(text, Render<CodeBlock>(p => p.Add(c => c.Text, text).Add(c => c.Title, "curl")).Find("pre").TextContent);
        Assert.Equal(text, Render<CopyableId>(p => p.Add(c => c.Value, text).Add(c => c.Label, "id")).Find("code").TextContent);
    }
}
