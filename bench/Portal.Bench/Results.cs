using System.Globalization;

namespace Portal.Bench;

/// <summary>The table of what was measured: each line with its limit, and whether it was met.</summary>
public sealed class Results
{
    readonly List<string[]> rows = [["line", "portal", "peer or limit", "ratio", "wanted", ""]];

    /// <summary>False when a line missed what is wanted of it.</summary>
    public bool AllMet { get; private set; } = true;

    /// <summary>A ratio that must be at least so much.</summary>
    public void AtLeast(string line, double portal, double peer, string peerName, string unit, double wanted)
    {
        var ratio = portal / peer;
        Add(line, $"{Show(portal)} {unit}", $"{Show(peer)} {unit} ({peerName})", ratio, "≥ " + Show(wanted), ratio >= wanted);
    }

    /// <summary>A ratio that must be at most so much.</summary>
    public void AtMost(string line, double portal, double limit, string limitName, string unit, double wanted)
    {
        var ratio = portal / limit;
        Add(line, $"{Show(portal)} {unit}", $"{Show(limit)} {unit} ({limitName})", ratio, "≤ " + Show(wanted), ratio <= wanted);
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return string.Join('\n', rows.Select(row => "| " + string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column]))) + " |"))
            .Insert(widths.Sum(width => width + 3) + 1, "\n|" + string.Concat(widths.Select(width => new string('-', width + 2) + "|")));
    }

    void Add(string line, string portal, string peer, double ratio, string wanted, bool met)
    {
        rows.Add([line, portal, peer, ratio.ToString("0.00", CultureInfo.InvariantCulture), wanted, met ? "met" : "MISSED"]);
        AllMet &= met;
        Console.WriteLine("  " + string.Join(" | ", rows[^1]));
    }

    static string Show(double value) => value.ToString(value >= 100 ? "#,##0" : "0.0##", CultureInfo.InvariantCulture);
}
