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

    /// <summary>Sent, and somebody asked the portal to stop looking for proof.</summary>
    NotFollowed,

    /// <summary>An approver said no.</summary>
    Rejected,

    /// <summary>The requester took it back before it was approved.</summary>
    Withdrawn,

    /// <summary>Approved, then called off before anything was sent.</summary>
    Cancelled,

    /// <summary>Approved, and not sent while the approval was valid.</summary>
    Expired,
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

    /// <summary>Never sent, because the request was denied, withdrawn, called off or too old.</summary>
    Skipped,

    /// <summary>Taken out of the queue because trying on does no good: a person decides.</summary>
    Parked,

    /// <summary>Sent; nobody looks for proof any more, by somebody's wish.</summary>
    NotFollowed,

    /// <summary>Approved, and not sent: the requester has to type user name and password (again).</summary>
    NeedsLogin,
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

    /// <summary>No proof: a person said what became of it.</summary>
    SaidByPerson,
}

/// <summary>The transitions of requests and items, as data: what is not listed does not happen.</summary>
public static class RequestLife
{
    /// <summary>For each state of a request, the states that may follow. A state without followers is final.</summary>
    public static IReadOnlyDictionary<RequestState, RequestState[]> RequestFollowers { get; } = new Dictionary<RequestState, RequestState[]>
    {
        [RequestState.PendingApproval] = [RequestState.Approved, RequestState.Rejected, RequestState.Withdrawn],
        [RequestState.Approved] = [RequestState.InProgress, RequestState.Cancelled, RequestState.Expired],
        [RequestState.InProgress] =
        [
            RequestState.Succeeded, RequestState.PartlySucceeded, RequestState.Failed, RequestState.OutcomeUnknown, RequestState.NotFollowed,
        ],
        [RequestState.OutcomeUnknown] =
        [
            RequestState.InProgress, RequestState.Succeeded, RequestState.PartlySucceeded, RequestState.Failed, RequestState.NotFollowed,
        ],
        [RequestState.PartlySucceeded] = [RequestState.InProgress],
        [RequestState.Failed] = [RequestState.InProgress],
        [RequestState.NotFollowed] = [RequestState.InProgress],
        [RequestState.Succeeded] = [],
        [RequestState.Rejected] = [],
        [RequestState.Withdrawn] = [],
        [RequestState.Cancelled] = [],
        [RequestState.Expired] = [],
    };

    /// <summary>For each state of an item, the states that may follow. A state without followers is final.</summary>
    public static IReadOnlyDictionary<ItemState, ItemState[]> ItemFollowers { get; } = new Dictionary<ItemState, ItemState[]>
    {
        [ItemState.NotSent] = [ItemState.Queued, ItemState.Skipped],
        [ItemState.Queued] = [ItemState.Sending, ItemState.Failed, ItemState.Skipped, ItemState.Parked, ItemState.NeedsLogin],
        [ItemState.NeedsLogin] = [ItemState.Queued, ItemState.Skipped, ItemState.Parked],
        [ItemState.Sending] = [ItemState.Queued, ItemState.Observing, ItemState.Failed, ItemState.Unknown],
        [ItemState.Observing] = [ItemState.Done, ItemState.AlreadyThere, ItemState.Failed, ItemState.Unknown, ItemState.NotFollowed],
        [ItemState.Unknown] =
            [ItemState.Done, ItemState.AlreadyThere, ItemState.Failed, ItemState.Queued, ItemState.Parked, ItemState.NotFollowed],
        [ItemState.Parked] = [ItemState.Queued, ItemState.Unknown, ItemState.Done, ItemState.Failed],
        [ItemState.Failed] = [ItemState.Queued],
        [ItemState.Done] = [],
        [ItemState.AlreadyThere] = [],
        [ItemState.Skipped] = [],
        [ItemState.NotFollowed] = [],
    };

    /// <summary>The states of a request that a retry of what failed can leave, while its approval is valid.</summary>
    public static IReadOnlyList<RequestState> Retryable { get; } = [RequestState.PartlySucceeded, RequestState.Failed, RequestState.NotFollowed];

    /// <summary>True when nothing follows by itself: what a person could still retry counts as ended.</summary>
    public static bool HasEnded(RequestState state) => IsFinal(state) || Retryable.Contains(state);

    /// <summary>True when nothing can follow, whoever wants it.</summary>
    public static bool IsFinal(RequestState state) => RequestFollowers[state].Length == 0;

    /// <summary>True when nothing can follow, whoever wants it.</summary>
    public static bool IsFinal(ItemState state) => ItemFollowers[state].Length == 0;

    /// <summary>
    /// What a request is, given where its items are, once it was approved. What is not known outranks what is, and "nobody looked"
    /// outranks good and bad: neither may hide behind the other items.
    /// </summary>
    public static RequestState ResultOf(IReadOnlyCollection<ItemState> items)
    {
        if (items.Any(item => item is ItemState.Queued or ItemState.NeedsLogin or ItemState.Sending or ItemState.Observing))
        {
            return RequestState.InProgress;
        }

        if (items.Any(item => item is ItemState.Unknown or ItemState.Parked))
        {
            return RequestState.OutcomeUnknown;
        }

        if (items.Contains(ItemState.NotFollowed))
        {
            return RequestState.NotFollowed;
        }

        var good = items.Count(item => item is ItemState.Done or ItemState.AlreadyThere);
        return good == items.Count ? RequestState.Succeeded : good > 0 ? RequestState.PartlySucceeded : RequestState.Failed;
    }
}
