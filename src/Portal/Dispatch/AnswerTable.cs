using Portal.Audit;
using Portal.Huawei;
using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>What an item does after an answer to its send.</summary>
public enum Reaction
{
    /// <summary>Accepted: look for proof.</summary>
    Observe,

    /// <summary>The wish is fulfilled already, says the cloud: compare what is there with it.</summary>
    Compare,

    /// <summary>The credential ran out: get a new one and send again, once.</summary>
    RenewAndSendAgain,

    /// <summary>Certain that it had no effect: send again later.</summary>
    SendAgainLater,

    /// <summary>Refused: it did not happen and will not.</summary>
    Fail,

    /// <summary>It may have happened: look, and send nothing.</summary>
    BecomeUnknown,
}

/// <summary>What is known of the item when an answer comes.</summary>
/// <param name="AlreadySo">Whether the answer says, for its kind, that the wish is fulfilled already: the rule exists, the rule is gone.</param>
/// <param name="MayRenew">Whether the credential can be renewed and was not just renewed for this item.</param>
/// <param name="HasReceipt">Whether the answer holds the receipt (<c>jid</c>) that this kind returns; true for kinds without one.</param>
public sealed record SendContext(bool AlreadySo, bool MayRenew, bool HasReceipt);

/// <summary>One row of the table: what it means, the sentence for people, the name in the audit trail and the result of the attempt.</summary>
public sealed record Row(Reaction Reaction, string Note, string AuditKind, AttemptResult Result);

/// <summary>
/// What each answer of the cloud means for the item that was sent. Pure, first match wins; the codes are the cloud's
/// (SWR error codes, APIG error codes). The rule behind all rows: whatever is not clearly a "no" may have happened.
/// </summary>
public static class AnswerTable
{
    /// <summary>The row for an answer.</summary>
    public static Row For(Answer answer, SendContext context) => answer switch
    {
        { Kind: AnswerKind.NotSent } => new(Reaction.SendAgainLater, "Note.NotSent", AuditKind.DispatchNotSent, AttemptResult.NotSent),
        { Kind: AnswerKind.NoAnswer } => new(Reaction.BecomeUnknown, "Note.NoAnswer", AuditKind.DispatchNoAnswer, AttemptResult.NoAnswer),
        { Unreadable: true, Status: < 300 } => new(Reaction.BecomeUnknown, "Note.Unreadable", AuditKind.DispatchNoAnswer, AttemptResult.NoAnswer),
        { IsSuccess: true } => new(
            Reaction.Observe, context.HasReceipt ? "Note.Accepted" : "Note.AcceptedWithoutReceipt", AuditKind.DispatchAccepted, AttemptResult.Accepted),

        _ when Swr.SaysBusy(answer) => Later("Note.Busy"),
        _ when context.AlreadySo => new(Reaction.Compare, "Note.ExistsAlready", AuditKind.DispatchRefused, AttemptResult.Refused),

        { Status: 401, CredentialExpired: true } when context.MayRenew =>
            new(Reaction.RenewAndSendAgain, "Note.CredentialRenewed", AuditKind.DispatchRefused, AttemptResult.Refused),
        { Status: 401, CredentialExpired: true } => No("Note.CredentialRefused"),
        { Status: 401 } => No("Note.NoPermission"),
        { Status: 403 } => No("Note.NoPermission"),
        { Status: 404 } => No("Note.NotFound"),
        { Status: 408 or 425 or 429 } => Later("Note.Throttled"),
        { Status: 409 } => No("Note.Conflict"),
        { Status: >= 500 } => new(Reaction.BecomeUnknown, "Note.ServerError", AuditKind.DispatchNoAnswer, AttemptResult.ServerError),
        { Status: >= 300 and < 400 } => No("Note.Redirected"),
        { Status: >= 400 } => No("Note.Refused"),

        // 200 with an error code in it, or what cannot reach us: nobody knows what it means.
        _ => new(Reaction.BecomeUnknown, "Note.Unreadable", AuditKind.DispatchNoAnswer, AttemptResult.NoAnswer),
    };

    static Row No(string note) => new(Reaction.Fail, note, AuditKind.DispatchRefused, AttemptResult.Refused);

    static Row Later(string note) => new(Reaction.SendAgainLater, note, AuditKind.DispatchThrottled, AttemptResult.Throttled);
}
