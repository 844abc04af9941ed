using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Requests;

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
        // The queue of each operation, in turn; what has ended is in none of these indexes, so that they stay small for ever.
        builder.HasIndex(item => new { item.Lane, item.Operation, item.Turn }, "item_queue").HasFilter("state = 'Queued'");
        builder.HasIndex(item => new { item.RequesterId, item.Turn }, "item_turn").HasFilter("state = 'Queued'");
        builder.HasIndex(item => item.DueAt, "item_look").HasFilter("state in ('Sending', 'Observing', 'Unknown') and due_at is not null");
        builder.HasIndex(item => item.Id, "item_desk").HasFilter("state = 'Parked' or (state = 'Unknown' and due_at is null)");
        builder.HasIndex(item => item.RequestId, "item_needs_login").HasFilter("state = 'NeedsLogin'");
        builder.HasIndex(item => item.Target, OneUnderWay).IsUnique()
            .HasFilter("state in ('Sending', 'Observing') or (state = 'Unknown' and due_at is not null)");
    }
}
