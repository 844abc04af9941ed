using System.Reflection;

namespace Portal.Audit;

/// <summary>The names of everything that is audited. They are stored for ever: add names, never change one. Listed in docs/audit-events.md.</summary>
public static class AuditKind
{
    public const string SignedIn = "login.signed_in";
    public const string SignedOut = "login.signed_out";

    /// <summary>Somebody came back from the identity provider and was not let in.</summary>
    public const string SignInRefused = "login.refused";

    /// <summary>A sign-in was ended otherwise than by signing out.</summary>
    public const string SessionEnded = "session.ended";

    public const string PersonRolesChanged = "person.roles_changed";
    public const string PersonDisabled = "person.disabled";
    public const string PersonEnabled = "person.enabled";
    public const string AccessDenied = "access.denied";

    /// <summary>Somebody did something more often than is allowed; written once for each window.</summary>
    public const string AccessLimited = "access.limited";

    public const string RequestSubmitted = "request.submitted";
    public const string RequestWithdrawn = "request.withdrawn";

    /// <summary>Called off after the approval, before anything was sent.</summary>
    public const string RequestCancelled = "request.cancelled";

    /// <summary>Approved, and not sent in time.</summary>
    public const string RequestExpired = "request.expired";

    /// <summary>Somebody wants what failed to be sent again, under the same approval.</summary>
    public const string RequestRetried = "request.retried";

    /// <summary>An approved call cannot be made before somebody types its user name and password (again).</summary>
    public const string RequestLoginNeeded = "request.login_needed";

    /// <summary>The requester typed them; what they typed is nowhere.</summary>
    public const string RequestLoginGiven = "request.login_given";

    /// <summary>A sealed login was erased because it waited too long.</summary>
    public const string RequestLoginErased = "request.login_erased";

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

    /// <summary>An unknown call was seen not to have begun, and is sent again.</summary>
    public const string DispatchRepeated = "dispatch.repeated";

    /// <summary>Taken out of the queue for a person.</summary>
    public const string DispatchParked = "dispatch.parked";

    public const string ObserveConfirmed = "observe.confirmed";
    public const string ObserveNoChange = "observe.nochange";
    public const string ObserveFailed = "observe.failed";
    public const string ObserveTimedOut = "observe.timed_out";

    /// <summary>Somebody asked not to look for proof any longer.</summary>
    public const string ObserveStopped = "observe.stopped";

    /// <summary>Somebody wants another look at an outcome that is not known.</summary>
    public const string OutcomeCheckAgain = "outcome.check_again";

    /// <summary>Somebody wants to settle an unknown outcome that needs a second person.</summary>
    public const string OutcomeProposed = "outcome.proposed";

    /// <summary>The second person did not agree, or the first took it back.</summary>
    public const string OutcomeRejected = "outcome.rejected";

    /// <summary>A person said what became of a call.</summary>
    public const string OutcomeSettled = "outcome.settled";

    /// <summary>The breaker of a service and region opened: nothing is sent there until it is well again.</summary>
    public const string LaneOpened = "lane.opened";

    /// <summary>The breaker closed.</summary>
    public const string LaneClosed = "lane.closed";

    public const string LanePaused = "lane.paused";
    public const string LaneResumed = "lane.resumed";
    public const string MaintenanceStarted = "maintenance.started";
    public const string MaintenanceEnded = "maintenance.ended";

    /// <summary>Somebody takes rows out; written before the first byte.</summary>
    public const string ExportCreated = "export.created";

    /// <summary>All rows of an export were handed over; carries the hash of the bytes.</summary>
    public const string ExportFinished = "export.finished";

    /// <summary>All names, in the order above; the audit page offers them as a filter.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. typeof(AuditKind).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];
}
