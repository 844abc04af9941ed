using System.Text.RegularExpressions;
using Portal.Audit;

namespace Portal.Tests.Audit;

public sealed partial class AuditEventsDocumentTests
{
    [Fact]
    public async Task Document_lists_every_kind_once_and_in_order()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Portal.sln is in no folder above the tests.");
        }

        var text = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "docs", "audit-events.md"), TestContext.Current.CancellationToken);

        Assert.Equal(AuditKind.All, KindCell().Matches(text).Select(match => match.Groups[1].Value));
    }

    [GeneratedRegex(@"^\| `([a-z_.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex KindCell();
}
