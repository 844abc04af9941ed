using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Database;

namespace Portal.Dispatch;

/// <summary>
/// How many calls of one operation may go to one lane, whichever node makes them: a bucket of tokens that fills with time. Claiming
/// an item takes a token (<see cref="ItemClaims"/>), so that what may not be sent yet stays in the queue.
/// </summary>
public sealed class RateBudget
{
    /// <summary>What a call adds to the retry budget: one retry for ten calls.</summary>
    public const double RetriesPerCall = 0.1;

    /// <summary>How many retries can be saved up; also what a new budget begins with.</summary>
    public const double MostRetries = 20;

    public required string Lane { get; init; }

    /// <summary>The API's own name of the operation.</summary>
    public required string Operation { get; init; }

    /// <summary>Tokens at <see cref="RefilledAt"/>.</summary>
    public double Tokens { get; private set; }

    public DateTimeOffset RefilledAt { get; private set; }

    /// <summary>Retries that may still be made; repeats of what the cloud could not take must not become a load of their own.</summary>
    public double Retries { get; private set; } = MostRetries;

    /// <summary>The cloud asked everybody to wait until then.</summary>
    public DateTimeOffset? ThrottledUntil { get; private set; }

    /// <summary>Earns a part of a retry for each call.</summary>
    public static Task EarnAsync(PortalDb db, string lane, string operation, int calls) => db.Database.ExecuteSqlAsync(
        $"""
        update portal.rate_budget set retries = least({MostRetries}, retries + {calls * RetriesPerCall})
        where lane = {lane} and operation = {operation}
        """);

    /// <summary>Takes one retry; false when none is left.</summary>
    public bool TakeRetry()
    {
        if (Retries < 1)
        {
            return false;
        }

        Retries--;
        return true;
    }

    /// <summary>No call of this operation before then.</summary>
    public void Throttle(DateTimeOffset until) => ThrottledUntil = ThrottledUntil > until ? ThrottledUntil : until;
}

sealed class RateBudgetMapping : IEntityTypeConfiguration<RateBudget>
{
    public void Configure(EntityTypeBuilder<RateBudget> builder)
    {
        builder.ToTable("rate_budget");
        builder.HasKey(budget => new { budget.Lane, budget.Operation });
        builder.Property(budget => budget.Lane).HasMaxLength(80);
        builder.Property(budget => budget.Operation).HasMaxLength(80);
    }
}
