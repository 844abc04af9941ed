using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Portal.Database;

/// <summary>Tells why the database did not do it: a lost race, a server that is away, or a fault of ours. By SQLSTATE and constraint name, never by message text.</summary>
public static class Conflict
{
    /// <summary>True when somebody else changed the row first, or wrote the same audit place of the same request.</summary>
    public static bool IsLostRace(Exception failure) =>
        failure is DbUpdateConcurrencyException || IsUnique(failure, "event_request_order") || IsUnique(failure, "decision_one_per_person");

    /// <summary>True when a unique index of that name refused a row.</summary>
    public static bool IsUnique(Exception failure, string index) =>
        failure is DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } refused }
        && refused.ConstraintName == index;

    /// <summary>True when the database cannot be asked: that concerns every item alike and says nothing of this one.</summary>
    public static bool IsDatabaseAway(Exception failure) =>
        failure is TimeoutException or ObjectDisposedException or OperationCanceledException
        || failure is NpgsqlException and not PostgresException
        || failure is PostgresException { SqlState: var state }
            && (state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
                || state.StartsWith("57", StringComparison.Ordinal) || state.StartsWith("25", StringComparison.Ordinal)
                || state.StartsWith("40", StringComparison.Ordinal))
        || failure.InnerException is { } inner && IsDatabaseAway(inner);

    /// <summary>True when the server undid the transaction because of others' (deadlock, serialization): the same may pass the next time.</summary>
    public static bool IsRolledBack(Exception failure) =>
        failure is PostgresException { SqlState: var state } && state.StartsWith("40", StringComparison.Ordinal)
        || failure.InnerException is { } inner && IsRolledBack(inner);
}
