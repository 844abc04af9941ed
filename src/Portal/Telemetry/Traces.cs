using System.Buffers.Binary;
using System.Diagnostics;

namespace Portal.Telemetry;

/// <summary>
/// Spans of the source <c>Portal</c>. Everything about one request is one trace, and the id of that trace is the id of the request: whoever has
/// the address of a request's page can look its trace up, and a call that is sent by another node, days after the approval, still joins it.
/// What happens in a browser's click has a trace of its own, and the two are linked.
/// </summary>
public static class Traces
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "Portal";

    static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins a span in the trace of a request; null while nobody listens. What called it is linked.</summary>
    public static Activity? OfRequest(string name, Guid request, long? number = null, Guid? item = null, string? operation = null)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityLink[] links = Activity.Current is { } caller ? [new(caller.Context)] : [];
        return Describe(Source.StartActivity(name, ActivityKind.Internal, ContextOf(request), links: links), request, number, item, operation);
    }

    /// <summary>Begins a span below another one, without making it the current one: for work that many spans have in common.</summary>
    public static Activity? Below(Activity? parent, string name)
    {
        var current = Activity.Current;
        var span = parent is null ? null : Source.StartActivity(name, ActivityKind.Internal, parent.Context);
        Activity.Current = current;
        return span;
    }

    /// <summary>As <see cref="OfRequest"/>, without making it the current one.</summary>
    public static Activity? Aside(string name, Guid request, long number, Guid item, string operation)
    {
        var current = Activity.Current;
        Activity.Current = null;
        var span = OfRequest(name, request, number, item, operation);
        Activity.Current = current;
        return span;
    }

    /// <summary>Begins the span of an exchange with the cloud. Without path and query: they name what is copied.</summary>
    public static Activity? OfCall(string method, string service, string host, int port) =>
        Source.StartActivity($"{method} {service}", ActivityKind.Client)?
            .SetTag("http.request.method", method).SetTag("portal.cloud.service", service).SetTag("server.address", host).SetTag("server.port", port);

    /// <summary>Keeps how an exchange ended.</summary>
    public static void SetAnswer(this Activity? span, string answer, int? status)
    {
        span?.SetTag("portal.answer", answer).SetTag("http.response.status_code", status);
        if (status is null or >= 400)
        {
            span?.SetTag("error.type", status is null ? answer : Measures.StatusClass(status)).SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>The place in a request's trace under which everything about the request stands.</summary>
    public static ActivityContext ContextOf(Guid request)
    {
        Span<byte> id = stackalloc byte[16];
        request.TryWriteBytes(id, bigEndian: true, out _);
        // The second half of a version 7 uuid is chance; any eight bytes but zeros are a span's id.
        Span<byte> span = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(span, BinaryPrimitives.ReadUInt64BigEndian(id[8..]) | 1);
        return new ActivityContext(ActivityTraceId.CreateFromBytes(id), ActivitySpanId.CreateFromBytes(span), ActivityTraceFlags.Recorded, isRemote: true);
    }

    static Activity? Describe(Activity? span, Guid request, long? number, Guid? item, string? operation)
    {
        span?.SetTag("portal.request.id", request.ToString());
        if (number is not null)
        {
            span?.SetTag("portal.request.number", number);
        }

        if (item is not null)
        {
            span?.SetTag("portal.item.id", item.ToString());
        }

        if (operation is not null)
        {
            span?.SetTag("portal.operation", operation);
        }

        return span;
    }
}
