using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Telemetry;

namespace Portal.Database;

/// <summary>Counts audit rows when they are committed, and only then: what is rolled back did not happen.</summary>
sealed class CommittedEvents : DbTransactionInterceptor, ISaveChangesInterceptor
{
    public static CommittedEvents Counter { get; } = new();

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Count(eventData);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Count(eventData);
        return Task.CompletedTask;
    }

    // A single statement is its own transaction.
    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context?.Database.CurrentTransaction is null)
        {
            Count(eventData);
        }

        return ValueTask.FromResult(result);
    }

    static void Count(DbContextEventData eventData)
    {
        if (eventData.Context is PortalDb db)
        {
            db.NewEvents.ForEach(Measures.CountEvent);
            db.NewEvents.Clear();
        }
    }
}
