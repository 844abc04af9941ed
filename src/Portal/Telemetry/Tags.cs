using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Portal.Telemetry;

/// <summary>
/// The tags that leave the portal. What is not listed is taken off every metric and every span before it is exported, so that a new version of a
/// library cannot begin to send what people typed: paths and queries, names, addresses of browsers.
/// </summary>
public static class Tags
{
    /// <summary>Tags whose values come from closed sets: of the code, of the settings, or of protocols.</summary>
    public static IReadOnlySet<string> Closed { get; } = new[]
    {
        "portal.operation", "portal.attempt.purpose", "portal.answer", "portal.status_class", "portal.cloud.service", "cloud.region", "portal.audit.kind",
        "portal.signin.way", "portal.signin.result", "portal.refused", "portal.request.state", "portal.item.state", "portal.lane.state", "portal.worker",
        "http.request.method", "http.response.status_code", "http.route", "error.type", "url.scheme", "network.protocol.name", "network.protocol.version",
        "network.transport", "network.type", "server.address", "server.port", "tls.protocol.name", "tls.protocol.version", "aspnetcore.components.type",
        "aspnetcore.components.method", "aspnetcore.components.attribute.name", "aspnetcore.components.route", "code.function.name", "db.system.name",
        "db.client.connection.pool.name", "db.client.connection.state", "db.response.status_code", "db.operation.name", "gc.heap.generation",
        "dotnet.gc.heap.generation", "cpu.mode",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Ids that a span may carry besides: they say which request a span is about, and nothing of what is in it.</summary>
    public static IReadOnlySet<string> Ids { get; } = new[] { "portal.request.id", "portal.request.number", "portal.item.id" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The view under which every instrument is exported.</summary>
    public static MetricStreamConfiguration ViewOf(Instrument instrument) => new() { TagKeys = [.. Closed] };

    /// <summary>Takes everything else off a span that has ended.</summary>
    internal sealed class Cleaner : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            foreach (var (key, _) in data.TagObjects.Where(tag => !Closed.Contains(tag.Key) && !Ids.Contains(tag.Key)).ToList())
            {
                data.SetTag(key, null);
            }
        }
    }
}
