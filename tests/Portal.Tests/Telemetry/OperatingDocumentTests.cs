using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Telemetry;
using Portal.Tests.Support;

namespace Portal.Tests.Telemetry;

/// <summary>The table of metrics in docs/operating.md is what is registered.</summary>
public sealed partial class OperatingDocumentTests
{
    [Fact]
    public void Document_lists_every_metric_with_its_unit()
    {
        RuntimeHelpers.RunClassConstructor(typeof(Measures).TypeHandle);
        using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
        using var gauges = new Gauges(nowhere, new Heartbeats(TimeProvider.System), new FeedState(), TimeProvider.System, TimeSpan.FromMinutes(1), NullLogger<Gauges>.Instance);
        SortedSet<string> registered = new(StringComparer.Ordinal);
        using (var listener = new MeterListener())
        {
            listener.InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == Measures.MeterName)
                {
                    registered.Add($"{instrument.Name} {instrument.Unit}");
                }
            };
            listener.Start();
        }

        Assert.Equal(registered, Lines().Select(line => $"{line.Name} {line.Unit}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Document_names_tags_that_are_let_out_and_those_of_the_gauges()
    {
        var lines = Lines().ToDictionary(line => line.Name, line => line.Tags);

        Assert.Empty(lines.Values.SelectMany(tags => tags).Except(Tags.Closed));
        Assert.All(Gauges.Shared.Concat(Gauges.OwnNode), gauge => Assert.Equal(gauge.Tag is null ? [] : [gauge.Tag], lines[gauge.Name]));
    }

    static IEnumerable<(string Name, string Unit, string[] Tags)> Lines() =>
        from Match line in Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "operating.md")))
        select (line.Groups[1].Value, line.Groups[2].Value, Quoted().Matches(line.Groups[3].Value).Select(tag => tag.Groups[1].Value).ToArray());

    [GeneratedRegex(@"^\| `(portal\.[a-z_.]+)` \| `([^`]+)` \| ([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([a-z_.]+)`")]
    private static partial Regex Quoted();
}
