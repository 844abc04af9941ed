using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Kinds;

namespace Portal.Requests;

/// <summary>One wish of one person, from submit to its result.</summary>
public sealed class Request
{
    public required Guid Id { get; init; }

    /// <summary>The number people say to each other, such as 1042.</summary>
    public long Number { get; private set; }

    /// <summary>Name of the kind.</summary>
    public required string Kind { get; init; }

    public required string RequesterId { get; init; }

    public required string RequesterName { get; init; }

    /// <summary>Why it is asked for, in the requester's words.</summary>
    public required string Reason { get; init; }

    /// <summary>The wish in one line without language.</summary>
    public required string Subject { get; init; }

    /// <summary>What was asked for, as JSON, exactly as checked at submit. Never changes.</summary>
    public required string Payload { get; init; }

    /// <summary>Hash of the payload (<see cref="Kinds.Payload.HashOf"/>): what an approver agrees to and the dispatcher compares.</summary>
    public required string PayloadHash { get; init; }

    /// <summary>What the last approval agreed to: the only payload that may be sent. Null until then.</summary>
    public string? ApprovedHash { get; private set; }

    /// <summary>Until when what was approved may be sent, and sent again; null until it was approved.</summary>
    public DateTimeOffset? ApprovedUntil { get; private set; }

    /// <summary>The request that this one was submitted with: both are decided by one decision, made on that one. Null for most.</summary>
    public Guid? PairedWith { get; init; }

    /// <summary>The policy pinned at submit.</summary>
    public required string Policy { get; init; }

    /// <summary>What the checks said at submit, as JSON.</summary>
    public required string Findings { get; init; }

    public RequestState State { get; private set; } = RequestState.PendingApproval;

    public DateTimeOffset SubmittedAt { get; private set; }

    /// <summary>When it last changed its state.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>How many audit rows it has: the next one gets the next number.</summary>
    public int EventCount { get; private set; }

    /// <summary>Row version: two people who act at the same moment do not overwrite each other.</summary>
    public uint Version { get; private set; }

    public List<RequestItem> Items { get; } = [];

    /// <summary>The payload as a tree.</summary>
    public JsonObject PayloadTree() => JsonNode.Parse(Payload)!.AsObject();

    /// <summary>A user name and password go with the call: sealed beside the wish until they are used, or typed after its approval.</summary>
    public bool HasLogin => PayloadTree().Flag("loginGiven");

    /// <summary>Goes to another state, if the table allows it. Staying is not a transition and does nothing.</summary>
    public void Move(RequestState next, DateTimeOffset now)
    {
        if (next == State)
        {
            return;
        }

        if (!RequestLife.RequestFollowers[State].Contains(next))
        {
            throw new InvalidOperationException($"Request {Id}: {State} cannot become {next}.");
        }

        State = next;
        ChangedAt = now;
    }

    /// <summary>The last approval was given: what it agreed to becomes due.</summary>
    /// <param name="hash">What was agreed to.</param>
    /// <param name="now">The database's time.</param>
    /// <param name="until">How long the approval holds.</param>
    /// <param name="turn">Where the requester's turn in the queue is.</param>
    /// <param name="loginWaits">Whether the login that goes with it was given already, where one does.</param>
    public void Approve(string hash, DateTimeOffset now, DateTimeOffset until, Turns turn, bool loginWaits = true)
    {
        Move(RequestState.Approved, now);
        (ApprovedHash, ApprovedUntil) = (hash, until);
        Items.ForEach(item => item.Queue(now, turn.Next()));
        if (HasLogin && !loginWaits)
        {
            Items.ForEach(item => item.AskForLogin("Note.LoginNeeded"));
        }
    }

    /// <summary>Denied, withdrawn, called off or expired: nothing of it will be sent.</summary>
    public void Close(RequestState state, DateTimeOffset now)
    {
        Move(state, now);
        Items.ForEach(item => item.Skip());
    }

    /// <summary>Is what its items make it.</summary>
    public void MoveToResult(IReadOnlyCollection<ItemState> items, DateTimeOffset now)
    {
        // An item that failed before anything was sent ends a request that never was in progress.
        if (State == RequestState.Approved)
        {
            Move(RequestState.InProgress, now);
        }

        Move(RequestLife.ResultOf(items), now);
    }

    /// <summary>Is what its items make it; all of them must be loaded.</summary>
    public void MoveToResult(DateTimeOffset now) => MoveToResult([.. Items.Select(item => item.State)], now);

    /// <summary>This request, and the one that was submitted with it and is decided with it.</summary>
    public async Task<IReadOnlyList<Request>> WithPairAsync(PortalDb db, CancellationToken token) =>
        [this, .. await db.Requests.Include(other => other.Items).Where(other => other.PairedWith == Id).ToListAsync(token)];

    /// <summary>Adds an audit row about this request; the caller saves it with the change.</summary>
    public void Record(PortalDb db, Actor actor, string kind, JsonObject facts)
    {
        EventCount++;
        facts["state"] = State.ToString();
        AuditTrail.Record(db, actor, kind, Id, EventCount, facts);
    }

    /// <summary>Commits a change of this request; refused with its new state when somebody else changed it in the same moment.</summary>
    public async Task<Outcome<Request>> SaveAsync(PortalDb db, CancellationToken token)
    {
        try
        {
            await db.SaveChangesAsync(token);
            return this;
        }
        catch (Exception conflict) when (Conflict.IsLostRace(conflict))
        {
            return new StateChanged(await db.Requests.AsNoTracking().Where(request => request.Id == Id).Select(request => request.State).SingleAsync(token));
        }
    }
}

sealed class RequestMapping : IEntityTypeConfiguration<Request>
{
    /// <summary>Name of the index that allows one open request of the same person for the same thing.</summary>
    public const string OpenTwin = "request_open_twin";

    public void Configure(EntityTypeBuilder<Request> builder)
    {
        builder.ToTable("request");
        builder.HasKey(request => request.Id);
        builder.Property(request => request.Number).UseIdentityAlwaysColumn().HasIdentityOptions(startValue: 1001);
        builder.Property(request => request.Kind).HasMaxLength(40);
        builder.Property(request => request.Reason).HasMaxLength(2000);
        builder.Property(request => request.Payload).HasColumnType("jsonb");
        builder.Property(request => request.Findings).HasColumnType("jsonb");
        builder.Property(request => request.SubmittedAt).HasDefaultValueSql("clock_timestamp()").ValueGeneratedOnAdd();
        builder.Property(request => request.ChangedAt).HasDefaultValueSql("clock_timestamp()").ValueGeneratedOnAdd();
        builder.Property(request => request.Version).IsRowVersion();
        builder.HasAlternateKey(request => new { request.Id, request.RequesterId });
        builder.HasIndex(request => request.Number, "request_number").IsUnique();
        builder.HasIndex(request => new { request.RequesterId, request.PayloadHash }, OpenTwin).IsUnique().HasFilter("state = 'PendingApproval'");
        builder.HasIndex(request => new { request.RequesterId, request.SubmittedAt }, "request_requester");
        builder.HasIndex(request => new { request.State, request.SubmittedAt }, "request_state");
        builder.HasIndex(request => request.ApprovedUntil, "request_approved_until").HasFilter("state = 'Approved'");
        builder.HasIndex(request => request.PairedWith, "request_pair").IsUnique().HasFilter("paired_with is not null");
        builder.HasOne<Request>().WithMany().HasForeignKey(request => request.PairedWith).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(request => request.Items).WithOne().HasForeignKey(item => item.RequestId).OnDelete(DeleteBehavior.Restrict);
    }
}
