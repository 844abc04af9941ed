using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Dispatch;

/// <summary>
/// One service in one region, shared by all nodes: whether somebody paused it, and the breaker that keeps calls in the queue while
/// the service is ill.
/// </summary>
public sealed class Lane
{
    /// <summary>Name of the row that stands for all lanes: pausing it is maintenance.</summary>
    public const string Every = "*";

    /// <summary>How long calls are counted together.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>How long a breaker stays open before the service is asked whether it is well again.</summary>
    public static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(30);

    /// <summary>Fewer calls than this say nothing about a service.</summary>
    public const int LeastCalls = 10;

    /// <summary>"swr/cn-north-4", as <see cref="Huawei.CloudCall.Lane"/> names it.</summary>
    public required string Name { get; init; }

    /// <summary>Since when nothing is sent, by somebody's wish.</summary>
    public DateTimeOffset? PausedAt { get; private set; }

    public string? PausedBy { get; private set; }

    public string? PauseReason { get; private set; }

    /// <summary>Begin of the calls that are counted together.</summary>
    public DateTimeOffset WindowAt { get; private set; }

    /// <summary>Calls in the window.</summary>
    public int Calls { get; private set; }

    /// <summary>Calls in the window that a healthy service would have answered: 5xx, no answer, no connection. A 4xx is an answer.</summary>
    public int Failures { get; private set; }

    /// <summary>Open: nothing is sent, and after this time one GET asks whether the service is well again. Null while closed.</summary>
    public DateTimeOffset? OpenUntil { get; private set; }

    /// <summary>Nothing is sent from now on; what is under way ends by itself.</summary>
    public void Pause(DateTimeOffset now, string by, string reason) => (PausedAt, PausedBy, PauseReason) = (now, by, reason);

    /// <summary>Goes on.</summary>
    public void Resume() => (PausedAt, PausedBy, PauseReason) = (null, null, null);

    /// <summary>Counts calls that were made. True when that opened the breaker: at least half of at least ten failed.</summary>
    public bool Count(int calls, int failures, DateTimeOffset now)
    {
        if (now - WindowAt >= Window)
        {
            (WindowAt, Calls, Failures) = (now, 0, 0);
        }

        (Calls, Failures) = (Calls + calls, Failures + failures);
        if (OpenUntil is not null || Calls < LeastCalls || Failures * 2 < Calls)
        {
            return false;
        }

        OpenUntil = now + OpenFor;
        return true;
    }

    /// <summary>The service is well again: begins to count anew.</summary>
    public void Close(DateTimeOffset now) => (OpenUntil, WindowAt, Calls, Failures) = (null, now, 0, 0);

    /// <summary>Still ill: asked again later.</summary>
    public void StayOpen(DateTimeOffset now) => OpenUntil = now + OpenFor;
}

sealed class LaneMapping : IEntityTypeConfiguration<Lane>
{
    public void Configure(EntityTypeBuilder<Lane> builder)
    {
        builder.ToTable("lane");
        builder.HasKey(lane => lane.Name);
        builder.Property(lane => lane.Name).HasMaxLength(80);
        builder.Property(lane => lane.PauseReason).HasMaxLength(2000);
    }
}
