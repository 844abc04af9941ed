using System.Net;
using Microsoft.Extensions.Options;
using Portal.Audit;
using Portal.Huawei;
using Portal.Requests;
using Portal.Telemetry;
using Portal.Tests.Support;

namespace Portal.Tests.Telemetry;

/// <summary>What arrives at a real receiver from the real program after a scripted flow.</summary>
public sealed class ExportTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    const string Marker = "quokka-marker";

    [Fact]
    public async Task Flow_arrives_as_metrics_traces_and_logs_with_the_right_numbers_and_nothing_that_people_typed()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var portal = await PortalProgram.StartAsync(
            Database.AppConnection, Cloud, ("Telemetry__Otlp__Endpoint", receiver.Address), ("OTEL_METRIC_EXPORT_INTERVAL", "300"),
            ("OTEL_BSP_SCHEDULE_DELAY", "300"), ("OTEL_BLRP_SCHEDULE_DELAY", "300"), ("PORTAL_NODE", "node-7"));
        await portal.SignInAsync("Operator", Token);
        using (var refused = await portal.Client.GetAsync($"/audit/export.csv?q={Marker}", Token))
        {
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        await Given.SubmittedAsync(Node, Given.Mirror());
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await receiver.UntilAsync("the proof is told", seen => seen.ValueOf("portal.audit.events", ("portal.audit.kind", "observe.confirmed")) == 1, Token);
        await receiver.UntilAsync("the observation is traced", seen => seen.Spans.Any(span => span.Name == "observe"), Token);
        await receiver.UntilAsync("the queue is told as empty", seen => seen.ValueOf("portal.item.count") == 0, Token);

        (string Metric, (string, string)[] Tags, double Value)[] expected =
        [
            ("portal.attempts", [("portal.operation", "CreateImageSyncRepo"), ("portal.attempt.purpose", "Send"), ("portal.answer", "Answered"), ("portal.status_class", "2xx")], 1),
            ("portal.dispatch.delay", [("portal.operation", "CreateImageSyncRepo")], 1),
            ("portal.cloud.call.duration", [("portal.cloud.service", "swr"), ("cloud.region", "cn-north-4"), ("http.request.method", "POST")], 1),
            ("portal.audit.events", [("portal.audit.kind", "dispatch.recorded")], 1),
            ("portal.audit.events", [("portal.audit.kind", "dispatch.accepted")], 1),
            ("portal.audit.events", [("portal.audit.kind", "login.signed_in")], 1),
            ("portal.signins", [("portal.signin.way", "persona"), ("portal.signin.result", "accepted")], 1),
            ("portal.refusals", [("portal.refused", "audit.export")], 1),
            ("portal.request.count", [("portal.request.state", "PendingApproval")], 1),
            ("portal.request.count", [("portal.request.state", "InProgress")], 0),
            ("portal.item.count", [("portal.item.state", "Queued")], 0),
            ("portal.queue.age", [], 0),
            ("portal.unknown.age", [], 0),
            ("portal.desk.count", [], 0),
            ("portal.lane.count", [("portal.lane.state", "open")], 0),
            ("portal.change_feed.connected", [], 1),
        ];
        Assert.All(expected, line => Assert.Equal((line.Metric, line.Value), (line.Metric, receiver.ValueOf(line.Metric, line.Tags))));
        Assert.Equal(["dispatch", "house", "observe"], receiver.Points.Where(point => point.Metric == "portal.worker.heartbeat.age").Select(point => point.Tags["portal.worker"]).Order());
        Assert.All(
            ["http.server.request.duration", "kestrel.active_connections", "http.client.request.duration", "db.client.connection.count", "dotnet.process.memory.working_set"],
            metric => Assert.Contains(receiver.Points, point => point.Metric == metric));
        Assert.Equal(("portal", "node-7"), (receiver.Resource["service.name"], receiver.Resource["service.instance.id"]));

        // One trace, found by the id of the request.
        var trace = receiver.Spans.Where(span => span.Trace == request.Id.ToString("N")).ToList();
        var dispatch = Assert.Single(trace, span => span.Name == "dispatch");
        Assert.Equal(
            (request.Id.ToString(), request.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), request.Items[0].Id.ToString()),
            (dispatch.Tags["portal.request.id"], dispatch.Tags["portal.request.number"], dispatch.Tags["portal.item.id"]));
        Assert.Equal(["POST swr", "intent", "record"], trace.Where(span => span.Parent == dispatch.Id && span.Scope == "Portal").Select(span => span.Name).Order(StringComparer.Ordinal));
        Assert.Contains(receiver.Spans, span => span.Scope == "Microsoft.AspNetCore" && span.Tags.GetValueOrDefault("http.route") == "/audit/export.csv");
        Assert.Contains(receiver.Lines, line => line.Category == "Microsoft.Hosting.Lifetime");

        // Keys are listed; nothing that somebody typed, and no secret, is anywhere in any of it.
        Assert.Empty(receiver.Points.SelectMany(point => point.Tags.Keys).Except(Tags.Closed));
        Assert.Empty(receiver.Spans.SelectMany(span => span.Tags.Keys).Except(Tags.Closed).Except(Tags.Ids));
        Assert.All(receiver.Points.Where(point => point.Scope == "Portal").SelectMany(point => point.Tags).Distinct(), tag => Assert.Contains(tag.Value, ValuesOf(tag.Key)));
        Assert.All(
            [Marker, Given.Reason, "Dana", "Olu Operator", "order-api", "team-a", SimulatorProcess.SecretKey, SimulatorProcess.AccessKey, "portal_app", "127.0.0.1:1"],
            text => Assert.DoesNotContain(text, receiver.Everything, StringComparison.Ordinal));
        Assert.Equal(0, await portal.StopAsync());
    }

    IEnumerable<string> ValuesOf(string tag) => tag switch
    {
        "portal.operation" => ["CreateImageSyncRepo", "CreateManualImageSyncRepo", "DeleteImageSyncRepo", "StartRemoteMirrorSynchronization"],
        "portal.attempt.purpose" => Enum.GetNames<AttemptPurpose>(),
        "portal.answer" => Enum.GetNames<AnswerKind>(),
        "portal.status_class" => ["2xx", "3xx", "4xx", "5xx", "none", "other"],
        "portal.cloud.service" => Enum.GetNames<CloudService>().Select(name => name.ToLowerInvariant()),
        "cloud.region" => [.. Node.Get<IOptions<HuaweiOptions>>().Value.Regions, "other"],
        "http.request.method" => ["GET", "POST", "PUT", "DELETE"],
        "portal.audit.kind" => AuditKind.All,
        "portal.signin.way" => ["persona", "provider"],
        "portal.signin.result" => ["accepted", "refused"],
        "portal.refused" => ["audit.export"],
        "portal.request.state" => Enum.GetNames<RequestState>(),
        "portal.item.state" => Enum.GetNames<ItemState>(),
        "portal.lane.state" => ["maintenance", "open", "paused"],
        "portal.worker" => ["dispatch", "house", "observe"],
        _ => [],
    };

    [Fact]
    public async Task Receiver_that_is_away_disturbs_nothing()
    {
        await using var portal = await PortalProgram.StartAsync(
            Database.AppConnection, Cloud, ("Telemetry__Otlp__Endpoint", "http://127.0.0.1:1"), ("OTEL_METRIC_EXPORT_INTERVAL", "100"), ("OTEL_BSP_SCHEDULE_DELAY", "100"));
        var request = await Given.ApprovedAsync(Node, Given.Rule());

        var deadline = TimeProvider.System.GetTimestamp();
        while ((await Node.ItemAsync(request)).State != ItemState.Done)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(60), portal.Output);
            using var page = await portal.Client.GetAsync("/signin", Token);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        Assert.DoesNotContain("fail:", portal.Output, StringComparison.Ordinal);
        Assert.Equal(0, await portal.StopAsync());
    }

    [Fact]
    public async Task Endpoint_that_is_no_address_is_refused_at_the_start()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => PortalProgram.StartAsync(Database.AppConnection, Cloud, ("Telemetry__Otlp__Endpoint", "collector:4318")));

        Assert.Contains("Telemetry:Otlp:Endpoint is 'collector:4318'", refused.Message, StringComparison.Ordinal);
    }
}
