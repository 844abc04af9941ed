using System.Reflection;

namespace Portal.Audit;

/// <summary>The names of everything that is audited. They are stored for ever: add names, never change one. Listed in docs/audit-events.md.</summary>
public static class AuditKind
{
    public const string SignedIn = "login.signed_in";
    public const string SignedOut = "login.signed_out";
    public const string AccessDenied = "access.denied";

    public const string RequestSubmitted = "request.submitted";
    public const string RequestWithdrawn = "request.withdrawn";

    public const string ApprovalGranted = "approval.granted";
    public const string ApprovalDenied = "approval.denied";

    /// <summary>The intent: written before the socket is opened.</summary>
    public const string DispatchRecorded = "dispatch.recorded";

    /// <summary>The cloud answered 2xx.</summary>
    public const string DispatchAccepted = "dispatch.accepted";

    /// <summary>The cloud answered that it will not.</summary>
    public const string DispatchRefused = "dispatch.refused";

    /// <summary>The cloud asked to come back later.</summary>
    public const string DispatchThrottled = "dispatch.throttled";

    /// <summary>Certain that nothing was sent.</summary>
    public const string DispatchNotSent = "dispatch.not_sent";

    /// <summary>No clear answer: it may or may not have happened.</summary>
    public const string DispatchNoAnswer = "dispatch.no_answer";

    /// <summary>An answer that came after somebody else had taken the item over.</summary>
    public const string DispatchLateAnswer = "dispatch.late_answer";

    public const string ObserveConfirmed = "observe.confirmed";
    public const string ObserveNoChange = "observe.nochange";
    public const string ObserveFailed = "observe.failed";
    public const string ObserveTimedOut = "observe.timed_out";

    /// <summary>Somebody takes rows out; written before the first byte.</summary>
    public const string ExportCreated = "export.created";

    /// <summary>All rows of an export were handed over; carries the hash of the bytes.</summary>
    public const string ExportFinished = "export.finished";

    /// <summary>All names, in the order above; the audit page offers them as a filter.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. typeof(AuditKind).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];
}
