using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CloudSimulator.Faults;

/// <summary>The common faults by name, so that a test says <c>{"preset":"html-502", …}</c>. Whatever the request gives as well replaces the preset's own.</summary>
static class FaultPresets
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    const string Throttled = "The throttling threshold has been reached: policy user over ratelimit,limit:10";

    public static readonly IReadOnlyDictionary<string, Fault> All = new SortedDictionary<string, Fault>(StringComparer.Ordinal)
    {
        // Gateway
        ["throttled"] = Answer(429, "APIGW.0308", Throttled),
        ["throttled-retry-after"] = Answer(429, "APIGW.0308", Throttled) with { Headers = new() { ["Retry-After"] = "2" } },
        ["credential-wrong"] = Answer(401, "APIGW.0301", "Incorrect IAM authentication information: verify aksk signature fail"),
        ["token-must-be-updated"] = Answer(401, "APIGW.0307", "The token must be updated."),
        ["not-authorized"] = Answer(403, "APIGW.0302", "The IAM user is not authorized to access the API"),
        ["api-not-found"] = Answer(404, "APIGW.0101", "The API does not exist or has not been published in the environment"),
        ["gateway-502"] = Answer(502, "APIGW.0201", "Backend unavailable"),
        ["gateway-504"] = Answer(504, "APIGW.0201", "Backend timeout"),
        ["iam-unavailable"] = Answer(503, "APIGW.0613", "IAM is unavailable"),
        // SWR
        ["swr-authentication-failed"] = Answer(401, "SVCSTG.SWR.4010000", "Authentication failed, the token may have expired"),
        ["swr-not-permitted"] = Answer(403, "SVCSTG.SWR.4039002", "The operation is not permitted"),
        ["swr-too-many-requests"] = Answer(403, "SVCSTG.SWR.4031042", "Too many requests"),
        ["swr-namespace-missing"] = Answer(404, "SVCSTG.SWR.4041061", "The organization does not exist"),
        ["swr-repository-missing"] = Answer(404, "SVCSTG.SWR.4040010", "The image does not exist"),
        ["swr-busy"] = Answer(409, "SVCSTG.SWR.4090023", "The system is busy"),
        ["swr-internal"] = Answer(500, "SVCSTG.SWR.5000001", "Internal error"),
        // CodeArts Repo
        ["credential-expired"] = Answer(401, "DEV.00000003", "认证信息过期"),
        ["membership-ended"] = Answer(401, "CH.080401", "No permission on the repository"),
        ["mirror-forbidden"] = Answer(403, "CH.004403", "Insufficient permissions. Apply for the required permission and try again."),
        ["mirror-not-found"] = Answer(404, "CH.004404", "Repository Not Found"),
        ["codearts-internal"] = Answer(500, "CH.000001", "Internal error"),
        ["codearts-timeout"] = Answer(504, "CH.080504", "Timeout"),
        // Answers that are no answers
        ["html-502"] = new() { Status = 502, BodyFault = BodyFault.Html },
        ["html-504"] = new() { Status = 504, BodyFault = BodyFault.Html },
        ["html-200"] = new() { Status = 200, BodyFault = BodyFault.Html },
        ["empty-500"] = new() { Status = 500, BodyFault = BodyFault.Empty },
        ["empty-200"] = new() { Status = 200, BodyFault = BodyFault.Empty },
        ["redirect"] = new() { Status = 302, BodyFault = BodyFault.Html, Headers = new() { ["Location"] = "https://auth.example.com/login" } },
        ["huge-body"] = new() { BodyFault = BodyFault.Huge },
        ["truncated-json"] = new() { BodyFault = BodyFault.Truncated },
        ["wrong-types"] = new() { BodyFault = BodyFault.WrongTypes },
        // Connections
        ["reset-before-effect"] = new() { Connection = ConnectionFault.Reset },
        ["reset-after-effect"] = new() { Connection = ConnectionFault.Reset, ApplyEffect = true },
        ["hang-before-effect"] = new() { Connection = ConnectionFault.Hang },
        ["hang-after-effect"] = new() { Connection = ConnectionFault.Hang, ApplyEffect = true },
        ["hold-before-effect"] = new() { Connection = ConnectionFault.Hold, ApplyEffect = false },
        ["hold-after-effect"] = new() { Connection = ConnectionFault.Hold, ApplyEffect = true },
        ["cut-after-effect"] = new() { Connection = ConnectionFault.Cut, ApplyEffect = true },
        // Done, but not said so
        ["html-502-after-effect"] = new() { Status = 502, BodyFault = BodyFault.Html, ApplyEffect = true },
        ["gateway-504-after-effect"] = Answer(504, "APIGW.0201", "Backend timeout") with { ApplyEffect = true },
        ["swr-internal-after-effect"] = Answer(500, "SVCSTG.SWR.5000001", "Internal error") with { ApplyEffect = true },
        ["slow"] = new() { DelayMilliseconds = 3000 },
    };

    /// <summary>The fault that a control request describes. Throws <see cref="JsonException"/> with a sentence for the caller.</summary>
    public static Fault Read(JsonObject request)
    {
        var merged = new JsonObject();
        if (request["preset"] is { } preset)
        {
            var name = preset.GetValueKind() == JsonValueKind.String ? preset.GetValue<string>() : "";
            if (!All.TryGetValue(name, out var fault))
                throw new JsonException($"There is no preset '{name}'; GET /control/presets lists them.");
            merged = JsonSerializer.SerializeToNode(fault with { Name = name }, Json)!.AsObject();
            // False is a default and left out above, but for the effect it differs from absent.
            if (fault.ApplyEffect is { } apply)
                merged["applyEffect"] = apply;
        }
        foreach (var (key, value) in request.Where(pair => pair.Key != "preset"))
            merged[key] = value?.DeepClone();
        var read = merged.Deserialize<Fault>(Json)!;
        return read.MostTimes >= 0 ? read : throw new JsonException("times is not negative");
    }

    static Fault Answer(int status, string code, string message) => new() { Status = status, Code = code, Message = message };
}
