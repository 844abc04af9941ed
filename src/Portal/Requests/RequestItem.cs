using Portal.Kinds;

namespace Portal.Requests;

/// <summary>
/// One call of a request and what became of it. An approved item that is due is the queue: there is no other. Its columns say
/// what is known; <see cref="RequestLife"/> says what may follow.
/// </summary>
public sealed class RequestItem
{
    public required Guid Id { get; init; }

    public required Guid RequestId { get; init; }

    /// <summary>Which of the request's calls it is, such as a tag; empty when there is only one.</summary>
    public required string Part { get; init; }

    /// <summary>The part where there are several; null where the request is one call.</summary>
    public string? NamedPart => Part.Length == 0 ? null : Part;

    /// <summary>What the call changes: at most one is under way per target (a unique index sees to it).</summary>
    public required string Target { get; init; }

    /// <summary>The service and region that it is sent to: what can be paused, and what a breaker opens for.</summary>
    public required string Lane { get; init; }

    /// <summary>The operation of the API: each has a rate budget in each lane.</summary>
    public required string Operation { get; init; }

    /// <summary>Who asked: turns are shared out between requesters.</summary>
    public required string RequesterId { get; init; }

    public ItemState State { get; private set; } = ItemState.NotSent;

    public SentLight Sent { get; private set; }

    public ProvedLight Proved { get; private set; }

    /// <summary>When somebody should look at it next, by the database's clock; null when nobody need.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>Its place in the queue among what is due. Spaced out per requester, so that many items of one do not starve another.</summary>
    public DateTimeOffset? Turn { get; private set; }

    /// <summary>Goes up with each claim; who does not hold the current one may not write.</summary>
    public int Fence { get; private set; }

    /// <summary>Until when the claim holds.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>How often it was sent, or tried to be, since it was last queued by a person.</summary>
    public int Sends { get; private set; }

    /// <summary>How often its target was looked at since the last send.</summary>
    public int Looks { get; private set; }

    /// <summary>How often something went wrong in the portal itself before it was sent, since it was last queued.</summary>
    public int Faults { get; private set; }

    /// <summary>How often a send ended without a clear answer.</summary>
    public int Unknowns { get; private set; }

    /// <summary>Since when the target was seen without any sign of an unknown call; null when it was not.</summary>
    public DateTimeOffset? NotBegunSince { get; private set; }

    /// <summary>When the first attempt that may have had an effect was written, by the database's clock.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>When to stop looking for proof.</summary>
    public DateTimeOffset? Deadline { get; private set; }

    /// <summary>The cloud answered that the wish was fulfilled already.</summary>
    public bool AlreadySo { get; private set; }

    /// <summary>It was sent again although an earlier call may have had its effect, or two effects were seen: a duplicate is possible.</summary>
    public bool MaybeTwice { get; private set; }

    /// <summary>How sure it is that our call brought about what was seen.</summary>
    public Attribution? Attribution { get; private set; }

    /// <summary>HTTP status of the last send's answer.</summary>
    public int? HttpStatus { get; private set; }

    public string? ErrorCode { get; private set; }

    public string? Jid { get; private set; }

    /// <summary>Key of the sentence that explains the state to a person.</summary>
    public string? Note { get; private set; }

    /// <summary>What the target looked like just before sending, as JSON.</summary>
    public string? Baseline { get; private set; }

    /// <summary>What the proof rests on, as JSON.</summary>
    public string? Evidence { get; private set; }

    /// <summary>True when it waits for a person: nobody looks at it by itself any more.</summary>
    public bool NeedsPerson => State == ItemState.Parked || (State == ItemState.Unknown && DueAt is null);

    /// <summary>Approved: may be sent from now on.</summary>
    public void Queue(DateTimeOffset due, DateTimeOffset turn)
    {
        Move(ItemState.Queued);
        (DueAt, Turn, LeaseUntil) = (due, turn, null);
    }

    /// <summary>
    /// A person wants it sent (again): begins anew, with all its tries. What an earlier call may have done stays on record.
    /// </summary>
    public void Requeue(DateTimeOffset due, DateTimeOffset turn, string note)
    {
        MaybeTwice |= MayHaveHappened;
        (Sends, Faults, NotBegunSince) = (0, 0, null);
        (Sent, Proved, Note) = (SentLight.No, ProvedLight.No, note);
        Fence++;
        Queue(due, turn);
    }

    /// <summary>It cannot be sent without a user name and password, and the portal has none: its requester types them.</summary>
    public void AskForLogin(string note)
    {
        Move(ItemState.NeedsLogin);
        Note = note;
        Release(null);
    }

    /// <summary>They were typed: it waits for its turn with them, held by the node that has them. When that node dies, whoever takes it next asks again.</summary>
    public void HoldForLogin(DateTimeOffset now, DateTimeOffset leaseUntil, string note)
    {
        Queue(now, now);
        Fence++;
        (LeaseUntil, Note) = (leaseUntil, note);
    }

    /// <summary>Will never be sent. The sentence says why where the state of the request does not.</summary>
    public void Skip(string? note = null)
    {
        Move(ItemState.Skipped);
        Note = note ?? Note;
        Release(null);
    }

    /// <summary>Takes it for one worker until the lease ends. The state does not change: nothing was done yet.</summary>
    public void Claim(DateTimeOffset leaseUntil)
    {
        Fence++;
        LeaseUntil = leaseUntil;
    }

    /// <summary>The attempt is about to be written: from here on it may be on the wire.</summary>
    public void BeginSending(DateTimeOffset now, DateTimeOffset leaseUntil, string? baseline)
    {
        // What was seen before the first call stays what a later proof is compared with, until a person begins anew.
        if (Sends == 0 || !MayHaveHappened)
        {
            (SentAt, Baseline) = (now, baseline);
        }

        Move(ItemState.Sending);
        (Sent, Proved, Note, Evidence) = (SentLight.Sending, ProvedLight.No, null, null);
        (LeaseUntil, DueAt) = (leaseUntil, leaseUntil);
        (HttpStatus, ErrorCode, Jid, Looks, AlreadySo, NotBegunSince) = (null, null, null, 0, false, null);
        Sends++;
    }

    /// <summary>Keeps what the cloud answered.</summary>
    public void KeepAnswer(int? httpStatus, string? errorCode, string? jid) => (HttpStatus, ErrorCode, Jid) = (httpStatus, errorCode, jid);

    /// <summary>The cloud accepted, or said that it is so already: look for proof until the deadline.</summary>
    public void Observe(SentLight sent, bool alreadySo, DateTimeOffset firstLook, DateTimeOffset deadline, string note)
    {
        Move(ItemState.Observing);
        (Sent, Proved, AlreadySo, Note) = (sent, ProvedLight.Looking, alreadySo, note);
        Release(firstLook);
        Deadline = deadline;
    }

    /// <summary>No clear answer: look what happened until the deadline, and send nothing.</summary>
    public void BecomeUnknown(DateTimeOffset? nextLook, DateTimeOffset? deadline, string note)
    {
        if (State == ItemState.Sending)
        {
            Unknowns++;
        }

        Sent = Sent == SentLight.Accepted ? SentLight.Accepted : SentLight.NoAnswer;
        Proved = nextLook is null ? ProvedLight.Unknown : ProvedLight.Looking;
        Note = note;
        Move(ItemState.Unknown);
        Release(nextLook);
        Deadline = deadline ?? Deadline;
    }

    /// <summary>Certain that this call had no effect and that it may be sent again.</summary>
    public void SendAgain(DateTimeOffset due, SentLight sent, string note)
    {
        Move(ItemState.Queued);
        (Sent, Proved, Note) = (sent, ProvedLight.No, note);
        (DueAt, Turn, LeaseUntil) = (due, due, null);
    }

    /// <summary>Nothing of an unknown call was to be seen, twice and some time apart: send again, and remember that both may come about.</summary>
    public void SendAgainAfterUnknown(DateTimeOffset due, string note)
    {
        MaybeTwice = true;
        SendAgain(due, SentLight.No, note);
    }

    /// <summary>Nothing was sent under this claim; somebody may try again from then on.</summary>
    public void PutBack(DateTimeOffset due, string note)
    {
        Note = note;
        Release(due);
    }

    /// <summary>The portal itself failed before anything was sent. Gives how often that happened by now.</summary>
    public int CountFault() => ++Faults;

    /// <summary>Nothing to be seen yet: look again later.</summary>
    public void LookAgain(DateTimeOffset due, string note)
    {
        Looks++;
        Note = note;
        Release(due);
    }

    /// <summary>The target was seen without any sign of the call. Gives since when that is so.</summary>
    public DateTimeOffset SawNothing(DateTimeOffset now) => NotBegunSince ??= now;

    /// <summary>Taken out of the queue for a person.</summary>
    public void Park(string note)
    {
        Move(ItemState.Parked);
        (Note, Proved) = (note, Proved == ProvedLight.Looking ? ProvedLight.Unknown : Proved);
        Release(null);
    }

    /// <summary>Nobody looks any more; what it does in the cloud it goes on doing.</summary>
    public void StopFollowing(string note)
    {
        Move(ItemState.NotFollowed);
        Fence++;
        (Proved, Note) = (ProvedLight.Unknown, note);
        Release(null);
    }

    /// <summary>A person wants another look now, until the deadline.</summary>
    public void CheckAgain(DateTimeOffset now, DateTimeOffset deadline, string note)
    {
        Move(ItemState.Unknown);
        (Proved, Note, NotBegunSince, Looks) = (ProvedLight.Looking, note, null, 0);
        Release(now);
        Deadline = deadline;
    }

    /// <summary>Keeps how sure it is that our call did it, and whether it may have happened twice.</summary>
    public void Attribute(Attribution? attribution, int effects)
    {
        Attribution = attribution ?? Attribution;
        MaybeTwice |= effects > 1;
    }

    /// <summary>Ends as done, as already there or as failed.</summary>
    public void End(ItemState state, SentLight sent, ProvedLight proved, string note, string? evidence)
    {
        Move(state);
        (Sent, Proved, Note, Evidence) = (sent, proved, note, evidence ?? Evidence);
        Release(null);
    }

    /// <summary>An earlier call of it was sent and not clearly refused: saying that it did not happen would be a guess.</summary>
    public bool MayHaveHappened => Unknowns > 0 || MaybeTwice;

    void Release(DateTimeOffset? due)
    {
        DueAt = due;
        LeaseUntil = null;
    }

    void Move(ItemState next)
    {
        if (next == State)
        {
            return;
        }

        if (!RequestLife.ItemFollowers[State].Contains(next))
        {
            throw new InvalidOperationException($"Item {Id}: {State} cannot become {next}.");
        }

        State = next;
    }
}
