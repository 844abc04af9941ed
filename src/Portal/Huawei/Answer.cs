using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Portal.Huawei;

/// <summary>What is certain about a call after it was tried.</summary>
public enum AnswerKind
{
    /// <summary>A complete HTTP answer came back.</summary>
    Answered,

    /// <summary>Certain that the cloud did nothing: no credential, no connection, no TLS; the body never began to leave.</summary>
    NotSent,

    /// <summary>The request left, or may have, and no complete answer came: the cloud may have done it.</summary>
    NoAnswer,
}

/// <summary>The outcome of one exchange with the cloud, safe to store and show (texts are redacted), except <see cref="Json"/>.</summary>
public sealed record Answer
{
    /// <summary>Longest <see cref="BodyExcerpt"/>, in characters.</summary>
    public const int ExcerptLength = 2048;

    public required AnswerKind Kind { get; init; }

    /// <summary>HTTP status; set with <see cref="AnswerKind.NoAnswer"/> too when the answer was cut short after its status line.</summary>
    public int? Status { get; init; }

    /// <summary>The cloud's own code, "SVCSTG.SWR.4041061"; also set on a 2xx whose body says that it failed.</summary>
    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    /// <summary>Header X-Request-Id, else the body's request_id.</summary>
    public string? RequestId { get; init; }

    /// <summary>Header X-IAM-Trace-Id.</summary>
    public string? TraceId { get; init; }

    /// <summary>The parsed body, not redacted: for readers such as <see cref="Swr"/>, never to be stored or logged.</summary>
    [JsonIgnore]
    public JsonNode? Json { get; init; }

    /// <summary>The body is there but is not JSON that can be used: HTML, wrong type, broken, double keys, over 1 MB. Any status.</summary>
    public bool Unreadable { get; init; }

    /// <summary>The beginning of the body, redacted, at most <see cref="ExcerptLength"/> characters.</summary>
    public string BodyExcerpt { get; init; } = "";

    public TimeSpan Duration { get; init; }

    /// <summary>How long the cloud asks us to wait, 0 to 5 minutes; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why there is no answer, in a few words, without secrets; null when there is one.</summary>
    public string? Failure { get; init; }

    /// <summary>Header Content-Range as SWR writes it: "offset-count/total".</summary>
    public string? ContentRange { get; init; }

    /// <summary>The cloud did not accept the token or key. Not set for CH.080401, which is about rights.</summary>
    public bool CredentialExpired { get; init; }

    /// <summary>A complete 2xx whose body is readable (or empty) and does not report an error.</summary>
    public bool IsSuccess => Kind == AnswerKind.Answered && Status is >= 200 and <= 299 && !Unreadable && ErrorCode is null;

    /// <summary>For a log line: kind, status, code and failure, never the body.</summary>
    public override string ToString() =>
        string.Join(' ', new[] { Kind.ToString(), Status?.ToString(System.Globalization.CultureInfo.InvariantCulture), ErrorCode, Failure }
            .Where(word => word is not null));

    /// <summary>Nothing was sent, for the reason given.</summary>
    public static Answer NotSent(string failure) => new() { Kind = AnswerKind.NotSent, Failure = failure };
}
