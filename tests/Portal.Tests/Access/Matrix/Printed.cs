using System.Globalization;
using System.Text;

namespace Portal.Tests.Access.Matrix;

/// <summary>A table of the document.</summary>
sealed class Printed(params string[] head)
{
    readonly List<string[]> rows = [];

    public void Add(params string[] row) => rows.Add(row);

    /// <summary>In Markdown, with a line for each row.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var row in new[] { head, [.. head.Select(_ => "---")] }.Concat(rows))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |").Append('\n');
        }

        return text.ToString();
    }
}
