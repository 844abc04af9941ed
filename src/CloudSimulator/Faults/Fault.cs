using System.Text.Json;
using System.Text.Json.Serialization;
using CloudSimulator.Gateway;

namespace CloudSimulator.Faults;

/// <summary>How the connection fails instead of carrying a whole answer.</summary>
enum ConnectionFault
{
    None,

    /// <summary>TCP reset, no byte of an answer.</summary>
    Reset,

    /// <summary>No answer until the client goes away.</summary>
    Hang,

    /// <summary>The answer waits until the control API releases it or <see cref="Fault.HoldSeconds"/> have passed.</summary>
    Hold,

    /// <summary>Half of the answer's body, then the connection closes.</summary>
    Cut,
}

/// <summary>What happens to the body of the answer.</summary>
enum BodyFault
{
    None,

    /// <summary>JSON that stops in the middle, in an otherwise complete answer.</summary>
    Truncated,

    /// <summary>Every value gets another JSON type.</summary>
    WrongTypes,

    /// <summary>10 MB of valid JSON.</summary>
    Huge,

    /// <summary>A page for people.</summary>
    Html,

    /// <summary>No body at all.</summary>
    Empty,
}

/// <summary>Which calls a fault meets. What is null meets every call.</summary>
/// <param name="Service"><c>iam</c>, <c>swr</c> or <c>codearts</c>.</param>
/// <param name="PathContains">Looked for in path and query, both as sent and percent-decoded.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record FaultMatch(string? Service = null, string? Method = null, string? PathContains = null)
{
    public bool Meets(ReceivedRequest received) =>
        (Service is null || string.Equals(Service, received.Service?.ToString(), StringComparison.OrdinalIgnoreCase))
        && (Method is null || string.Equals(Method, received.Method, StringComparison.OrdinalIgnoreCase))
        && (PathContains is null
            || received.Target.Contains(PathContains, StringComparison.Ordinal)
            || Uri.UnescapeDataString(received.Target).Contains(PathContains, StringComparison.Ordinal));
}

/// <summary>One scripted fault. Without <see cref="Status"/> the real answer is given, delayed, mangled or cut off as the rest says.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record Fault
{
    /// <summary>Shown in the call log.</summary>
    public string Name { get; init; } = "custom";
    public FaultMatch Match { get; init; } = new();

    /// <summary>A number, or <c>"always"</c>.</summary>
    public JsonElement? Times { get; init; }

    /// <summary>How many matching calls pass untouched before the first that is met.</summary>
    public int Skip { get; init; }

    /// <summary>HTTP status of the scripted answer.</summary>
    public int? Status { get; init; }

    /// <summary>Cloud error code. Its prefix decides the body's shape: <c>APIGW</c>, <c>SVCSTG</c>, others.</summary>
    public string? Code { get; init; }
    public string? Message { get; init; }

    /// <summary>Body instead of the one made from code and message: a JSON string is sent as its text, anything else as JSON.</summary>
    public JsonElement? Body { get; init; }
    public string? ContentType { get; init; }
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>Waits so long before anything else.</summary>
    public int DelayMilliseconds { get; init; }

    /// <summary>True: the call does its work in the cloud, and then the fault answers. By default only a fault with the real answer does so.</summary>
    public bool? ApplyEffect { get; init; }
    public ConnectionFault Connection { get; init; }

    /// <summary>Longest hold, in seconds.</summary>
    public double HoldSeconds { get; init; } = 600;
    public BodyFault BodyFault { get; init; }

    /// <summary>How many calls it meets.</summary>
    [JsonIgnore]
    public int MostTimes => Times switch
    {
        null => 1,
        { ValueKind: JsonValueKind.Number } number => number.GetInt32(),
        { ValueKind: JsonValueKind.String } text when text.GetString() == "always" => int.MaxValue,
        _ => throw new JsonException("times is a number or \"always\""),
    };
}
