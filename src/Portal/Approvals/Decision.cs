using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Requests;

namespace Portal.Approvals;

/// <summary>Yes or no.</summary>
public enum Verdict
{
    Approved,
    Denied,
}

/// <summary>What one person decided about one request. Never edited; the database refuses one by the requester and a second one by the same person.</summary>
public sealed class Decision
{
    public required Guid Id { get; init; }

    public required Guid RequestId { get; init; }

    /// <summary>Who asked; here so that the database itself can refuse a decision by the requester.</summary>
    public required string RequesterId { get; init; }

    public required string DeciderId { get; init; }

    public required string DeciderName { get; init; }

    public required Verdict Verdict { get; init; }

    public required string? Comment { get; init; }

    /// <summary>Hash of exactly what was shown to the decider.</summary>
    public required string PayloadHash { get; init; }

    public DateTimeOffset At { get; private set; }
}

sealed class DecisionMapping : IEntityTypeConfiguration<Decision>
{
    public void Configure(EntityTypeBuilder<Decision> builder)
    {
        builder.ToTable("decision", table => table.HasCheckConstraint("decision_not_by_requester", "decider_id <> requester_id"));
        builder.HasKey(decision => decision.Id);
        builder.Property(decision => decision.At).HasDefaultValueSql("clock_timestamp()").ValueGeneratedOnAdd();
        builder.Property(decision => decision.Comment).HasMaxLength(FreeText.Longest);
        builder.HasIndex(decision => new { decision.RequestId, decision.DeciderId }, "decision_one_per_person").IsUnique();
        builder.HasOne<Request>().WithMany()
            .HasForeignKey(decision => new { decision.RequestId, decision.RequesterId })
            .HasPrincipalKey(request => new { request.Id, request.RequesterId })
            .OnDelete(DeleteBehavior.Restrict);
    }
}
