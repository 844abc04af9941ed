using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Tests.Telemetry;

/// <summary>One value of a metric. A histogram's is the number of its observations.</summary>
sealed record Point(string Scope, string Metric, string Unit, IReadOnlyDictionary<string, string> Tags, double Value);

/// <summary>One span.</summary>
sealed record Span(
    string Scope, string Name, string Trace, string Id, string Parent, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> LinkedTraces);

/// <summary>One log line.</summary>
sealed record Line(string Category, string Body, IReadOnlyDictionary<string, string> Tags);

/// <summary>A receiver of OTLP by HTTP and protobuf on loopback, as a collector is one: keeps what it gets.</summary>
sealed class OtlpReceiver : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly WebApplication app;
    readonly ConcurrentQueue<(string Path, byte[] Body)> received = new();
    readonly SemaphoreSlim arrived = new(0);

    OtlpReceiver(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single();

    /// <summary>The newest value of each metric and set of tags.</summary>
    public IReadOnlyList<Point> Points =>
        [.. Bodies("/v1/metrics").SelectMany(PointsIn).GroupBy(point => (point.Scope, point.Metric, Key: string.Join(',', point.Tags.OrderBy(tag => tag.Key)))).Select(group => group.Last())];

    public IReadOnlyList<Span> Spans => [.. Bodies("/v1/traces").SelectMany(SpansIn)];

    public IReadOnlyList<Line> Lines => [.. Bodies("/v1/logs").SelectMany(LinesIn)];

    /// <summary>The attributes of the resource, as the metrics had it.</summary>
    public IReadOnlyDictionary<string, string> Resource => Bodies("/v1/metrics").First().Messages(1, 1).First().Attributes(1);

    /// <summary>Everything that came, as text: where a secret must not be found.</summary>
    public string Everything => string.Join('\n', received.Select(body => Encoding.UTF8.GetString(body.Body)));

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.MapPost("/v1/{signal}", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            receiver.received.Enqueue((http.Request.Path, body.ToArray()));
            receiver.arrived.Release();
            return Results.Bytes([], "application/x-protobuf");
        });
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>Waits for further exports until what came is as wished.</summary>
    public async Task UntilAsync(string what, Func<OtlpReceiver, bool> wished, CancellationToken token)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience.CancelAfter(Patience);
        try
        {
            while (!wished(this))
            {
                await arrived.WaitAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            var seen = Points.Where(point => point.Scope == "Portal").Select(point => $"{point.Metric} {string.Join(' ', point.Tags)} = {point.Value}")
                .Concat(Spans.Where(span => span.Scope == "Portal").Select(span => $"{span.Name} {span.Trace} {string.Join(' ', span.Tags)}"));
            throw new TimeoutException($"It did not come about that {what}. Seen:\n{string.Join('\n', seen)}");
        }
    }

    /// <summary>The value of one metric with these tags among others; null when it did not come.</summary>
    public double? ValueOf(string metric, params (string Key, string Value)[] tags)
    {
        var found = Points.Where(point => point.Metric == metric && tags.All(tag => point.Tags.GetValueOrDefault(tag.Key) == tag.Value)).ToList();
        return found.Count == 0 ? null : found.Sum(point => point.Value);
    }

    IEnumerable<Protobuf> Bodies(string path) => received.Where(body => body.Path == path).Select(body => Protobuf.Read(body.Body));

    static IEnumerable<Point> PointsIn(Protobuf body) =>
        from scope in body.Messages(1, 2)
        from metric in scope.Messages(2)
            // Gauge 5, sum 7, histogram 9; a histogram's points have their tags at 9 and their count at 4.
        from kind in new[] { 5, 7, 9 }
        from data in metric.Messages(kind)
        from point in data.Messages(1)
        select new Point(
            scope.Messages(1).Single().Text(1), metric.Text(1), metric.Text(3), point.Attributes(kind == 9 ? 9 : 7),
            kind == 9 ? point.Number(4)!.Value : point.Number(6) is { } whole ? (long)whole : BitConverter.UInt64BitsToDouble(point.Number(4) ?? 0));

    static IEnumerable<Span> SpansIn(Protobuf body) =>
        from scope in body.Messages(1, 2)
        from span in scope.Messages(2)
        select new Span(
            scope.Messages(1).Single().Text(1), span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4), span.Attributes(9), [.. span.Messages(13).Select(link => link.Hex(1))]);

    static IEnumerable<Line> LinesIn(Protobuf body) =>
        from scope in body.Messages(1, 2)
        from line in scope.Messages(2)
        select new Line(scope.Messages(1).Single().Text(1), line.Messages(5).Single().Text(1), line.Attributes(6));

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        arrived.Dispose();
    }
}
