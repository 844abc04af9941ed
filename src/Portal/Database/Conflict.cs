using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Portal.Database;

/// <summary>Tells a lost race from a fault. By SQLSTATE and constraint name, never by message text.</summary>
public static class Conflict
{
    /// <summary>True when somebody else changed the row first, or wrote the same audit place of the same request.</summary>
    public static bool IsLostRace(Exception failure) =>
        failure is DbUpdateConcurrencyException || IsUnique(failure, "event_request_order") || IsUnique(failure, "decision_one_per_person");

    /// <summary>True when a unique index of that name refused a row.</summary>
    public static bool IsUnique(Exception failure, string index) =>
        failure is DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } refused }
        && refused.ConstraintName == index;
}
