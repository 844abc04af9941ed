using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Huawei;

namespace Portal.Requests;

/// <summary>Why the cloud was called.</summary>
public enum AttemptPurpose
{
    /// <summary>To see what the target looks like before sending.</summary>
    Baseline,

    /// <summary>To make the change that was approved.</summary>
    Send,

    /// <summary>To see whether the change happened.</summary>
    Prove,
}

/// <summary>How one exchange ended.</summary>
public enum AttemptResult
{
    /// <summary>2xx with a body that can be read.</summary>
    Accepted,

    /// <summary>3xx or 4xx: the cloud will not.</summary>
    Refused,

    /// <summary>The cloud asked to come back later.</summary>
    Throttled,

    /// <summary>5xx.</summary>
    ServerError,

    /// <summary>Nothing usable came back after sending began.</summary>
    NoAnswer,

    /// <summary>Certain that nothing was sent.</summary>
    NotSent,
}

/// <summary>
/// One HTTP exchange with the cloud. The row is written before the socket is opened and completed once; a row without a result
/// after its lease means that nobody knows.
/// </summary>
public sealed class Attempt
{
    public required Guid Id { get; init; }

    public required Guid RequestId { get; init; }

    public required Guid ItemId { get; init; }

    public required AttemptPurpose Purpose { get; init; }

    /// <summary>The claim under which it was made.</summary>
    public required int Fence { get; init; }

    public required string Method { get; init; }

    public required string Host { get; init; }

    /// <summary>Path and query, as sent.</summary>
    public required string Path { get; init; }

    /// <summary>The body without its secrets; null when there was none.</summary>
    public required string? Body { get; init; }

    /// <summary>Lower-case hex SHA-256 of <see cref="Body"/> as UTF-8.</summary>
    public required string BodySha256 { get; init; }

    /// <summary>By the database's clock.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    public AttemptResult? Result { get; private set; }

    public int? HttpStatus { get; private set; }

    public string? ErrorCode { get; private set; }

    public string? ErrorMessage { get; private set; }

    /// <summary>The cloud's own id of the exchange (X-Request-Id).</summary>
    public string? CloudRequestId { get; private set; }

    /// <summary>The receipt of a mirror start.</summary>
    public string? Jid { get; private set; }

    /// <summary>First 2 KB of the answer, cleaned.</summary>
    public string? Response { get; private set; }

    /// <summary>From before connecting to after the last byte, in milliseconds.</summary>
    public int? DurationMs { get; private set; }

    /// <summary>The row for a call that is about to be made.</summary>
    public static Attempt For(RequestItem item, AttemptPurpose purpose, CloudCall call, Uri url)
    {
        var body = call.Body is null ? null : call.RedactedBody();
        return new Attempt
        {
            Id = Guid.CreateVersion7(),
            RequestId = item.RequestId,
            ItemId = item.Id,
            Purpose = purpose,
            Fence = item.Fence,
            Method = call.Method.Method,
            Host = url.Authority,
            Path = url.PathAndQuery,
            Body = body,
            BodySha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body ?? ""))),
        };
    }

    /// <summary>Keeps the answer. Once: a trigger refuses a second time.</summary>
    public void Complete(Answer answer, AttemptResult result, string? jid)
    {
        if (Result is not null)
        {
            throw new InvalidOperationException($"Attempt {Id} is complete already.");
        }

        Result = result;
        (HttpStatus, ErrorCode, ErrorMessage) = (answer.Status, answer.ErrorCode, answer.ErrorMessage ?? answer.Failure);
        (CloudRequestId, Jid, Response) = (answer.RequestId ?? answer.TraceId, jid, answer.BodyExcerpt);
        DurationMs = (int)Math.Min(answer.Duration.TotalMilliseconds, int.MaxValue);
    }
}

sealed class AttemptMapping : IEntityTypeConfiguration<Attempt>
{
    public void Configure(EntityTypeBuilder<Attempt> builder)
    {
        builder.ToTable("attempt");
        builder.HasKey(attempt => attempt.Id);
        builder.Property(attempt => attempt.StartedAt).HasDefaultValueSql("clock_timestamp()").ValueGeneratedOnAdd();
        builder.HasIndex(attempt => new { attempt.ItemId, attempt.StartedAt }, "attempt_item");
        builder.HasIndex(attempt => attempt.Jid, "attempt_jid").HasFilter("jid is not null");
        builder.HasIndex(attempt => attempt.RequestId, "attempt_request");
        builder.HasOne<RequestItem>().WithMany().HasForeignKey(attempt => attempt.ItemId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Request>().WithMany().HasForeignKey(attempt => attempt.RequestId).OnDelete(DeleteBehavior.Restrict);
    }
}
