using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Requests;

/// <summary>
/// One call of a request and what became of it. An approved item that is due is the queue: there is no other. Its columns say
/// what is known; <see cref="RequestLife"/> says what may follow.
/// </summary>
public sealed class RequestItem
{
    public required Guid Id { get; init; }

    public required Guid RequestId { get; init; }

    /// <summary>What the call changes: at most one is under way per target (a unique index sees to it).</summary>
    public required string Target { get; init; }

    public ItemState State { get; private set; } = ItemState.NotSent;

    public SentLight Sent { get; private set; }

    public ProvedLight Proved { get; private set; }

    /// <summary>When somebody should look at it next, by the database's clock; null when nobody need.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>Goes up with each claim; who does not hold the current one may not write.</summary>
    public int Fence { get; private set; }

    /// <summary>Until when the claim holds.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>How often it was sent, or tried to be.</summary>
    public int Sends { get; private set; }

    /// <summary>How often its target was looked at since the last send.</summary>
    public int Looks { get; private set; }

    /// <summary>When the last attempt to send was written, by the database's clock.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>When to stop looking for proof.</summary>
    public DateTimeOffset? Deadline { get; private set; }

    /// <summary>The cloud answered that the same thing exists already.</summary>
    public bool Conflicted { get; private set; }

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

    /// <summary>Approved: may be sent from now on.</summary>
    public void Queue(DateTimeOffset due)
    {
        Move(ItemState.Queued);
        DueAt = due;
    }

    /// <summary>Denied or withdrawn: will never be sent.</summary>
    public void Skip()
    {
        Move(ItemState.Skipped);
        DueAt = null;
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
        Move(ItemState.Sending);
        (Sent, Proved, Note, Evidence) = (SentLight.Sending, ProvedLight.No, null, null);
        (SentAt, LeaseUntil, DueAt, Baseline) = (now, leaseUntil, leaseUntil, baseline ?? Baseline);
        (HttpStatus, ErrorCode, Jid, Looks, Conflicted) = (null, null, null, 0, false);
        Sends++;
    }

    /// <summary>Keeps what the cloud answered.</summary>
    public void KeepAnswer(int? httpStatus, string? errorCode, string? jid) => (HttpStatus, ErrorCode, Jid) = (httpStatus, errorCode, jid);

    /// <summary>The cloud accepted, or said that it is there already: look for proof until the deadline.</summary>
    public void Observe(SentLight sent, bool conflicted, DateTimeOffset firstLook, DateTimeOffset deadline, string note)
    {
        Move(ItemState.Observing);
        (Sent, Proved, Conflicted, Note) = (sent, ProvedLight.Looking, conflicted, note);
        Release(firstLook);
        Deadline = deadline;
    }

    /// <summary>No clear answer: look what happened until the deadline, and send nothing.</summary>
    public void BecomeUnknown(DateTimeOffset? nextLook, DateTimeOffset? deadline, string note)
    {
        Sent = Sent == SentLight.Accepted ? SentLight.Accepted : SentLight.NoAnswer;
        Proved = nextLook is null ? ProvedLight.Unknown : ProvedLight.Looking;
        Note = note;
        Move(ItemState.Unknown);
        Release(nextLook);
        Deadline = deadline ?? Deadline;
    }

    /// <summary>Certain that it had no effect and that it may be sent again.</summary>
    public void SendAgain(DateTimeOffset due, SentLight sent, string note)
    {
        Move(ItemState.Queued);
        (Sent, Proved, Note) = (sent, ProvedLight.No, note);
        Release(due);
    }

    /// <summary>Nothing was sent under this claim; somebody may try again from then on.</summary>
    public void PutBack(DateTimeOffset due, string note)
    {
        Note = note;
        Release(due);
    }

    /// <summary>Nothing to be seen yet: look again later.</summary>
    public void LookAgain(DateTimeOffset due, string note)
    {
        Looks++;
        Note = note;
        Release(due);
    }

    /// <summary>Ends as done, as already there or as failed.</summary>
    public void End(ItemState state, SentLight sent, ProvedLight proved, string note, string? evidence)
    {
        Move(state);
        (Sent, Proved, Note, Evidence) = (sent, proved, note, evidence ?? Evidence);
        Release(null);
    }

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

sealed class RequestItemMapping : IEntityTypeConfiguration<RequestItem>
{
    /// <summary>Name of the index that allows one call under way per target; a call whose outcome is being looked for is still under way.</summary>
    public const string OneUnderWay = "item_one_under_way";

    public void Configure(EntityTypeBuilder<RequestItem> builder)
    {
        builder.ToTable("request_item");
        builder.HasKey(item => item.Id);
        builder.Property(item => item.Fence).IsConcurrencyToken();
        builder.Property(item => item.Baseline).HasColumnType("jsonb");
        builder.Property(item => item.Evidence).HasColumnType("jsonb");
        builder.HasIndex(item => item.RequestId, "item_request");
        builder.HasIndex(item => item.DueAt, "item_due").HasFilter("due_at is not null");
        builder.HasIndex(item => item.Target, OneUnderWay).IsUnique()
            .HasFilter("state in ('Sending', 'Observing') or (state = 'Unknown' and due_at is not null)");
    }
}
