using System.Text.Json;

namespace Portal.BrowserTests.Support;

/// <summary>axe-core, from the resource in Deque's package: the rules that a program can check of WCAG and of good practice.</summary>
public static class Axe
{
    static readonly string Script = Read();

    /// <summary>What axe-core finds on the page as it is now, a line each; nothing when it is fine.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("typeof axe === 'object'"))
        {
            await page.EvaluateAsync(Script);
        }

        var found = await page.EvaluateAsync<JsonElement>(
            """
            async () => {
              const result = await axe.run(document, { resultTypes: ['violations'], iframes: false, preload: false });
              return result.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary.replace(/\s+/g, ' ')}`));
            }
            """);
        return [.. found.EnumerateArray().Select(line => line.GetString()!)];
    }

    static string Read()
    {
        var assembly = typeof(Deque.AxeCore.Commons.AxeResult).Assembly;
        using var stream = assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")
            ?? throw new InvalidOperationException("The package has no axe-core script under the name that it used to have.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
