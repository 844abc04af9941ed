using Npgsql;

namespace Portal.Health;

/// <summary>
/// Whether this node's clock agrees with the database's. Leases and decisions are measured by the database's alone, but calls to the cloud are signed with
/// the node's, and so are sign-ins judged.
/// </summary>
public sealed class ClockPart(NpgsqlDataSource database, TimeProvider time) : IHealthPart
{
    /// <summary>More than this is worth a look; the cloud refuses signatures that are 15 minutes off.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public bool IsNeeded => false;

    /// <inheritdoc />
    public async Task<IReadOnlyList<PartState>> LookAsync(CancellationToken token)
    {
        try
        {
            await using var command = database.CreateCommand("select clock_timestamp()");
            command.CommandTimeout = 5;
            var before = time.GetUtcNow();
            var theirs = (DateTime)(await command.ExecuteScalarAsync(token))!;
            // Somewhere between the question and the answer.
            var ours = before + (time.GetUtcNow() - before) / 2;
            var off = new DateTimeOffset(theirs, TimeSpan.Zero) - ours;
            return [off.Duration() <= Most ? PartState.Well("clock") : new("clock", false, "Health.ClockOff", (long)Math.Round(off.TotalSeconds))];
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            // Told by the database's own part.
            return [];
        }
    }
}
