using System.Diagnostics;
using System.Text.Json.Nodes;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>A call whose intent is written: the only thing that may be sent.</summary>
/// <param name="Claim">Under which claim.</param>
/// <param name="Attempt">Its row.</param>
/// <param name="Call">What is sent.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Waited">How long it had been due when it was begun, where this is its first call since it became due.</param>
/// <param name="Span">What is traced of it, until its answer is recorded.</param>
/// <param name="Since">When the claim's lease was set, as a timestamp of the node's clock: a process that slept must not send under a lease that is over.</param>
public sealed record Begun(Claim Claim, Attempt Attempt, CloudCall Call, IKind Kind, long Since, TimeSpan? Waited, Activity? Span);

/// <summary>A call that was made, and what came back.</summary>
public sealed record Answered(Begun Begun, Answer Answer);

/// <summary>What the trail says of an exchange.</summary>
static class ExchangeFacts
{
    public static JsonObject Of(Attempt attempt, RequestItem? item) => new()
    {
        ["attempt"] = attempt.Id.ToString(),
        ["item"] = attempt.ItemId.ToString(),
        ["part"] = item?.NamedPart,
        ["itemState"] = item?.State.ToString(),
        ["send"] = item?.Sends,
        ["fence"] = attempt.Fence,
        ["method"] = attempt.Method,
        ["host"] = attempt.Host,
        ["path"] = attempt.Path,
        ["body"] = attempt.Body,
        ["bodySha256"] = attempt.BodySha256,
        ["httpStatus"] = attempt.HttpStatus,
        ["errorCode"] = attempt.ErrorCode,
        ["errorMessage"] = attempt.ErrorMessage,
        ["cloudRequestId"] = attempt.CloudRequestId,
        ["jid"] = attempt.Jid,
        ["durationMs"] = attempt.DurationMs,
    };
}
