using System.Reflection;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Portal.Telemetry;

/// <summary>
/// Metrics, traces and logs by OTLP, once somebody says where to: with the standard variables <c>OTEL_EXPORTER_OTLP_*</c>, or with
/// <c>Telemetry:Otlp:Endpoint</c>. Without either, nothing of OpenTelemetry runs. A receiver that is away is lost data there and nothing here.
/// </summary>
public static class TelemetryFeature
{
    /// <summary>The portal's own setting: base address of an OTLP receiver, spoken to by HTTP with protobuf.</summary>
    public const string Setting = "Telemetry:Otlp:Endpoint";

    const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    const string Interval = "OTEL_METRIC_EXPORT_INTERVAL";

    // What the framework and the driver measure of themselves. System.Net.Http is metrics only: its spans would show the exporter's own calls and name paths.
    static readonly string[] Meters =
    [
        Measures.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Components",
        "Microsoft.AspNetCore.Components.Lifecycle", "Microsoft.AspNetCore.Components.Server.Circuits", "Microsoft.AspNetCore.Diagnostics",
        "Microsoft.AspNetCore.RateLimiting", "System.Net.Http", "Npgsql", "System.Runtime",
    ];

    static readonly string[] Sources =
        [Traces.SourceName, "Microsoft.AspNetCore", "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Server.Circuits", "Npgsql"];

    /// <summary>Name of this node, in the trail and in telemetry.</summary>
    public static string NodeName { get; } =
        // Two nodes may run on one machine, and containers on the host's network all have its name.
        Environment.GetEnvironmentVariable("PORTAL_NODE") is { Length: > 0 } given ? given : Environment.MachineName;

    /// <summary>Adds the export, where an endpoint is set.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration[Setting] is { Length: > 0 } own)
        {
            if (!Uri.TryCreate(own, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                throw new RefusedSettingException($"{Setting} is '{own}'; it must be the base address of an OTLP receiver, such as http://collector:4318.");
            }

            // The standard variables win where both are given; they are read by the exporter itself, from the same settings.
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                [Endpoint] = builder.Configuration[Endpoint] ?? own,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "http/protobuf",
            });
        }

        if (!IsOn(builder.Configuration))
        {
            return;
        }

        // The framework names its spans after the conventions only when asked.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Services.AddHostedService<Exporters>();
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeScopes = true;
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(Resource());
            logs.AddOtlpExporter();
        });
    }

    /// <summary>Adds what workers report to.</summary>
    public static IServiceCollection AddTelemetryState(this IServiceCollection services) => services.AddSingleton<Heartbeats>().AddSingleton<FeedState>();

    static bool IsOn(IConfiguration configuration) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && new[] { Endpoint, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT" }
            .Any(name => !string.IsNullOrWhiteSpace(configuration[name]));

    static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService("portal", serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(), autoGenerateServiceInstanceId: false, serviceInstanceId: NodeName)
        .AddTelemetrySdk()
        // Last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
        .AddEnvironmentVariableDetector();

    /// <summary>Exports for as long as the host runs; what is left is sent when it stops.</summary>
    sealed class Exporters(
        IConfiguration configuration, NpgsqlDataSource database, Heartbeats heartbeats, FeedState feed, TimeProvider time, ILogger<Gauges> log) : IHostedService, IDisposable
    {
        Gauges? gauges;
        MeterProvider? meters;
        TracerProvider? tracers;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            var interval = TimeSpan.FromMilliseconds(configuration.GetValue(Interval, 60_000.0));
            gauges = new Gauges(database, heartbeats, feed, time, interval, log);
            meters = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .SetResourceBuilder(Resource()).AddMeter(Meters).AddView(Tags.ViewOf).AddOtlpExporter().Build();
            tracers = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .SetResourceBuilder(Resource()).AddSource(Sources).AddProcessor(new Tags.Cleaner()).AddOtlpExporter().Build();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
            meters?.Dispose();
            tracers?.Dispose();
            gauges?.Dispose();
        }
    }
}
