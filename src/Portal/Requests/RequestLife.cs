namespace Portal.Requests;

/// <summary>Where the wish of a person stands. Stored by name.</summary>
public enum RequestState
{
    /// <summary>Submitted by the requester; waits for people.</summary>
    PendingApproval,

    /// <summary>The last approval was given; nothing is sent yet.</summary>
    Approved,

    /// <summary>The portal has begun to send, or looks for proof.</summary>
    InProgress,

    /// <summary>Every item is done or was there already.</summary>
    Succeeded,

    /// <summary>Some items are done, some are not.</summary>
    PartlySucceeded,

    /// <summary>No item is done, and none will be.</summary>
    Failed,

    /// <summary>At least one item may or may not have happened, and the portal could not find out.</summary>
    OutcomeUnknown,

    /// <summary>An approver said no.</summary>
    Rejected,

    /// <summary>The requester took it back before it was approved.</summary>
    Withdrawn,
}

/// <summary>Where one call of a request stands. Stored by name.</summary>
public enum ItemState
{
    /// <summary>Waits for the decision.</summary>
    NotSent,

    /// <summary>Approved and due: the queue.</summary>
    Queued,

    /// <summary>An attempt is written and its answer is not: it may be on the wire.</summary>
    Sending,

    /// <summary>The cloud accepted; the portal looks for proof.</summary>
    Observing,

    /// <summary>Done, as far as it can be proved.</summary>
    Done,

    /// <summary>It was there already; the call changed nothing.</summary>
    AlreadyThere,

    /// <summary>It did not happen and will not.</summary>
    Failed,

    /// <summary>It may or may not have happened.</summary>
    Unknown,

    /// <summary>Never sent, because the request was denied or withdrawn.</summary>
    Skipped,
}

/// <summary>The first light of an item: what became of the call.</summary>
public enum SentLight
{
    No,
    Sending,
    Accepted,
    Refused,
    NoAnswer,
}

/// <summary>The second light of an item: what is proved of its effect.</summary>
public enum ProvedLight
{
    No,
    Looking,
    Proved,
    CannotBeRead,
    Disproved,
    Unknown,
}

/// <summary>The transitions of requests and items, as data: what is not listed does not happen.</summary>
public static class RequestLife
{
    /// <summary>For each state of a request, the states that may follow. A state without followers is final.</summary>
    public static IReadOnlyDictionary<RequestState, RequestState[]> RequestFollowers { get; } = new Dictionary<RequestState, RequestState[]>
    {
        [RequestState.PendingApproval] = [RequestState.Approved, RequestState.Rejected, RequestState.Withdrawn],
        [RequestState.Approved] = [RequestState.InProgress],
        [RequestState.InProgress] =
            [RequestState.Succeeded, RequestState.PartlySucceeded, RequestState.Failed, RequestState.OutcomeUnknown],
        [RequestState.OutcomeUnknown] =
            [RequestState.InProgress, RequestState.Succeeded, RequestState.PartlySucceeded, RequestState.Failed],
        [RequestState.Succeeded] = [],
        [RequestState.PartlySucceeded] = [],
        [RequestState.Failed] = [],
        [RequestState.Rejected] = [],
        [RequestState.Withdrawn] = [],
    };

    /// <summary>For each state of an item, the states that may follow. A state without followers is final.</summary>
    public static IReadOnlyDictionary<ItemState, ItemState[]> ItemFollowers { get; } = new Dictionary<ItemState, ItemState[]>
    {
        [ItemState.NotSent] = [ItemState.Queued, ItemState.Skipped],
        [ItemState.Queued] = [ItemState.Sending, ItemState.Failed],
        [ItemState.Sending] = [ItemState.Queued, ItemState.Observing, ItemState.Failed, ItemState.Unknown],
        [ItemState.Observing] = [ItemState.Done, ItemState.AlreadyThere, ItemState.Failed, ItemState.Unknown],
        [ItemState.Unknown] = [ItemState.Done, ItemState.AlreadyThere, ItemState.Failed],
        [ItemState.Done] = [],
        [ItemState.AlreadyThere] = [],
        [ItemState.Failed] = [],
        [ItemState.Skipped] = [],
    };

    /// <summary>True when nothing can follow.</summary>
    public static bool IsFinal(RequestState state) => RequestFollowers[state].Length == 0;

    /// <summary>True when nothing can follow.</summary>
    public static bool IsFinal(ItemState state) => ItemFollowers[state].Length == 0;

    /// <summary>What a request is, given where its items are, once it was approved. An unknown item outranks the rest.</summary>
    public static RequestState ResultOf(IReadOnlyCollection<ItemState> items)
    {
        if (items.Any(item => item is ItemState.Queued or ItemState.Sending or ItemState.Observing))
        {
            return RequestState.InProgress;
        }

        if (items.Contains(ItemState.Unknown))
        {
            return RequestState.OutcomeUnknown;
        }

        var good = items.Count(item => item is ItemState.Done or ItemState.AlreadyThere);
        return good == items.Count ? RequestState.Succeeded : good > 0 ? RequestState.PartlySucceeded : RequestState.Failed;
    }
}
