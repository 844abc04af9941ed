using System.Diagnostics.Metrics;

namespace Portal.Telemetry;

/// <summary>
/// What the portal counts and measures by itself, under the meter <c>Portal</c>; docs/operating.md lists all of it, and a test compares. Every tag
/// takes its values from a closed set: never a name, a text or an address of somebody. Costs next to nothing while nobody listens.
/// </summary>
public static class Measures
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Portal";

    static readonly Meter Meter = new(MeterName);

    static readonly InstrumentAdvice<double> Buckets = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] };

    static readonly Counter<long> Attempts = Meter.CreateCounter<long>("portal.attempts", "{attempt}", "Calls of the cloud that were made for an item");

    static readonly Histogram<double> CloudCalls = Meter.CreateHistogram<double>(
        "portal.cloud.call.duration", "s", "Exchanges with the cloud, from before connecting to after the last byte", advice: Buckets);

    static readonly Histogram<double> Delays = Meter.CreateHistogram<double>(
        "portal.dispatch.delay", "s", "From an item becoming due (its approval, or its retry by a person) to its first call", advice: Buckets);

    static readonly Counter<long> Events = Meter.CreateCounter<long>("portal.audit.events", "{event}", "Audit rows that were committed");

    static readonly Counter<long> LostEvents = Meter.CreateCounter<long>(
        "portal.audit.failures", "{event}", "Audit rows of sign-ins, refusals and exports that could not be written");

    static readonly Counter<long> SignIns = Meter.CreateCounter<long>("portal.signins", "{signin}", "Sign-ins that were tried");

    static readonly Counter<long> Refusals = Meter.CreateCounter<long>("portal.refusals", "{refusal}", "Things that were refused to somebody who may not do them");

    /// <summary>A call was made for an item. <paramref name="operation"/> is the API's name, <paramref name="purpose"/> why it was made.</summary>
    public static void CountAttempt(string operation, string purpose, string answer, int? status) => Attempts.Add(
        1, new("portal.operation", operation), new("portal.attempt.purpose", purpose), new("portal.answer", answer), new("portal.status_class", StatusClass(status)));

    /// <summary>An exchange with the cloud ended, however it ended.</summary>
    public static void RecordCall(string service, string region, string method, string answer, int? status, TimeSpan duration) => CloudCalls.Record(
        duration.TotalSeconds, new("portal.cloud.service", service), new("cloud.region", region), new("http.request.method", method),
        new("portal.answer", answer), new("portal.status_class", StatusClass(status)));

    /// <summary>An item is about to be sent for the first time since it became due.</summary>
    public static void RecordDelay(string operation, TimeSpan delay) => Delays.Record(Math.Max(0, delay.TotalSeconds), new KeyValuePair<string, object?>("portal.operation", operation));

    /// <summary>An audit row of that kind was committed.</summary>
    public static void CountEvent(string kind) => Events.Add(1, new KeyValuePair<string, object?>("portal.audit.kind", kind));

    /// <summary>An audit row of that kind, which belongs to no other change, could not be written.</summary>
    public static void CountLostEvent(string kind) => LostEvents.Add(1, new KeyValuePair<string, object?>("portal.audit.kind", kind));

    /// <summary>Somebody signed in, or could not. <paramref name="way"/> is the kind of sign-in and <paramref name="result"/> a fixed word, never who or why in free text.</summary>
    public static void CountSignIn(string way, string result) =>
        SignIns.Add(1, new("portal.signin.way", way), new("portal.signin.result", result));

    /// <summary>Something was refused. <paramref name="what"/> is the name that the audit row gives it, such as <c>approval.grant</c>.</summary>
    public static void CountRefusal(string what) => Refusals.Add(1, new KeyValuePair<string, object?>("portal.refused", what));

    /// <summary><c>2xx</c> and so on; <c>none</c> without an answer.</summary>
    public static string StatusClass(int? status) => status switch
    {
        >= 200 and < 300 => "2xx",
        >= 300 and < 400 => "3xx",
        >= 400 and < 500 => "4xx",
        >= 500 and < 600 => "5xx",
        null => "none",
        _ => "other",
    };
}
