using Portal.Access;
using Portal.Policies;
using Portal.Requests;

namespace Portal.Approvals;

/// <summary>Only people with the permission decide.</summary>
public sealed record MayNotDecide : Refusal;

/// <summary>Nobody decides on what they asked for themselves, whatever their roles.</summary>
public sealed record RequesterMayNotDecide : Refusal;

/// <summary>Nobody decides twice on one request.</summary>
public sealed record DecidedAlready : Refusal;

/// <summary>It was submitted together with another request: deciding on that one decides on both.</summary>
public sealed record DecidedWithItsPair : Refusal;

/// <summary>What was shown is not what would be sent: look again.</summary>
public sealed record ContentChanged : Refusal;

/// <summary>
/// The one door to a seat of a request's approval: every way to decide asks here. Pure.
/// </summary>
public static class SeatRules
{
    /// <summary>Why this person may not decide, or null when they may.</summary>
    /// <param name="request">The request as it is in the database now.</param>
    /// <param name="earlier">Who decided on it already.</param>
    /// <param name="actor">Who wants to decide.</param>
    public static Refusal? WhyNot(Request request, IReadOnlyCollection<Decision> earlier, Actor actor)
    {
        if (request.RequesterId == actor.Id)
        {
            return new RequesterMayNotDecide();
        }

        if (!actor.May(Permission.DecideRequests))
        {
            return new MayNotDecide();
        }

        if (request.State != RequestState.PendingApproval)
        {
            return new StateChanged(request.State);
        }

        if (request.PairedWith is not null)
        {
            return new DecidedWithItsPair();
        }

        return earlier.Any(decision => decision.DeciderId == actor.Id) ? new DecidedAlready() : null;
    }

    /// <summary>True when these decisions are all that the policy asks for.</summary>
    public static bool IsMet(Policy policy, IReadOnlyCollection<Decision> decisions) =>
        decisions.Where(decision => decision.Verdict == Verdict.Approved).Select(decision => decision.DeciderId).Distinct().Count() >= policy.Approvals;
}
