using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>What a person can do with a call whose outcome the portal could not find out. Stored by name.</summary>
public enum SettlementAction
{
    /// <summary>Look once more.</summary>
    CheckAgain,

    /// <summary>It happened.</summary>
    MarkSucceeded,

    /// <summary>It did not happen.</summary>
    MarkFailed,

    /// <summary>Make the call again.</summary>
    SendAgain,
}

/// <summary>How far a settlement is.</summary>
public enum SettlementState
{
    /// <summary>Waits for a second person.</summary>
    Proposed,

    Done,

    /// <summary>The second person did not agree.</summary>
    Rejected,
}

/// <summary>
/// What somebody said of a call with an unknown outcome, and who agreed. Never the requester (a check constraint sees to it), and two
/// different people where the call overwrites.
/// </summary>
public sealed class Settlement
{
    public required Guid Id { get; init; }

    public required Guid ItemId { get; init; }

    public required Guid RequestId { get; init; }

    public required string RequesterId { get; init; }

    public required SettlementAction Action { get; init; }

    /// <summary>Why, in their words.</summary>
    public required string Note { get; init; }

    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    public DateTimeOffset At { get; private set; }

    public SettlementState State { get; private set; } = SettlementState.Proposed;

    public string? SecondId { get; private set; }

    public string? SecondName { get; private set; }

    public DateTimeOffset? SecondAt { get; private set; }

    /// <summary>One person is enough.</summary>
    public void Do() => State = SettlementState.Done;

    /// <summary>Who proposed it takes it back.</summary>
    public void TakeBack() => State = SettlementState.Rejected;

    /// <summary>A second person agrees or does not.</summary>
    public void Second(string id, string name, bool agrees, DateTimeOffset now) =>
        (SecondId, SecondName, SecondAt, State) = (id, name, now, agrees ? SettlementState.Done : SettlementState.Rejected);
}

sealed class SettlementMapping : IEntityTypeConfiguration<Settlement>
{
    /// <summary>Name of the index that allows one open proposal per item.</summary>
    public const string OneOpen = "settlement_one_open";

    public void Configure(EntityTypeBuilder<Settlement> builder)
    {
        builder.ToTable("settlement", table =>
        {
            table.HasCheckConstraint("settlement_not_by_requester", "actor_id <> requester_id and (second_id is null or second_id <> requester_id)");
            table.HasCheckConstraint("settlement_two_people", "second_id is null or second_id <> actor_id");
        });
        builder.HasKey(settlement => settlement.Id);
        builder.Property(settlement => settlement.Note).HasMaxLength(2000);
        builder.Property(settlement => settlement.At).HasDefaultValueSql("clock_timestamp()").ValueGeneratedOnAdd();
        builder.HasIndex(settlement => settlement.ItemId, OneOpen).IsUnique().HasFilter("state = 'Proposed'");
        builder.HasOne<RequestItem>().WithMany().HasForeignKey(settlement => settlement.ItemId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Request>().WithMany().HasForeignKey(settlement => new { settlement.RequestId, settlement.RequesterId })
            .HasPrincipalKey(request => new { request.Id, request.RequesterId }).OnDelete(DeleteBehavior.Restrict);
    }
}
