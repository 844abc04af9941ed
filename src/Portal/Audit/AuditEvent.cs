using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Audit;

/// <summary>One thing that happened. Rows are only ever added: the portal's role holds INSERT and SELECT, and triggers refuse the rest.</summary>
public sealed class AuditEvent
{
    /// <summary>Version 7 uuid, made by the portal, so that a commit whose answer was lost can be looked up.</summary>
    public required Guid Id { get; init; }

    /// <summary>When, by the database's clock; a trigger sets it.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>What kind of event: one of <see cref="AuditKind"/>.</summary>
    public required string Kind { get; init; }

    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary>The request it belongs to; null for sign-ins, exports and the like.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>Place within the request, from 1, without gaps.</summary>
    public int? Seq { get; init; }

    /// <summary>Which machine wrote it.</summary>
    public required string Node { get; init; }

    /// <summary>The exact canonical bytes (<see cref="CanonicalJson"/>): what a hash is taken of.</summary>
    public required byte[] Raw { get; init; }

    /// <summary>The same as <c>jsonb</c>, for queries only: <c>jsonb</c> reorders and rewrites.</summary>
    public required string Doc { get; init; }

    /// <summary>HTTP status of a cloud answer, read out of <see cref="Doc"/> by the database.</summary>
    public int? HttpStatus { get; private set; }

    /// <summary>The cloud's error code, read out of <see cref="Doc"/> by the database.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>The <c>jid</c> that a mirror start returned, read out of <see cref="Doc"/> by the database.</summary>
    public string? Jid { get; private set; }
}

/// <summary>The part of an event that is searched for words.</summary>
static class AuditText
{
    /// <summary>Stands in queries for <c>audit.search_text</c>, exactly as the trigram index <c>event_text</c> has it.</summary>
    public static string Of(string doc) => throw new NotSupportedException($"The database reads {doc}.");

    public static void Map(ModelBuilder model) =>
        model.HasDbFunction(((Func<string, string>)Of).Method, function =>
        {
            function.HasSchema("audit").HasName("search_text");
            function.HasParameter("doc").HasStoreType("jsonb");
        });
}

sealed class AuditEventMapping : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> builder)
    {
        builder.ToTable("event", "audit");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.At).HasDefaultValueSql("clock_timestamp()").ValueGeneratedOnAdd();
        builder.Property(row => row.Doc).HasColumnType("jsonb");
        builder.Property(row => row.HttpStatus).HasComputedColumnSql("(doc #>> '{facts,httpStatus}')::int", stored: true);
        builder.Property(row => row.ErrorCode).HasComputedColumnSql("doc #>> '{facts,errorCode}'", stored: true);
        builder.Property(row => row.Jid).HasComputedColumnSql("doc #>> '{facts,jid}'", stored: true);
        builder.HasIndex(row => new { row.RequestId, row.Seq }, "event_request_order").IsUnique();
        builder.HasIndex(row => new { row.At, row.Id }, "event_at");
        builder.HasIndex(row => row.Jid, "event_jid").HasFilter("jid is not null");
        builder.HasIndex(row => new { row.HttpStatus, row.At }, "event_http_status").HasFilter("http_status is not null");
        builder.HasIndex(row => new { row.ActorId, row.At }, "event_actor");
        builder.HasIndex(row => new { row.Kind, row.At }, "event_kind");
    }
}
