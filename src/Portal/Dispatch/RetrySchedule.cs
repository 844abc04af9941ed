namespace Portal.Dispatch;

/// <summary>How long to wait, as data.</summary>
public static class RetrySchedule
{
    /// <summary>Longest wait before the second, third… send, in seconds; with all used up the item fails.</summary>
    public static IReadOnlyList<int> SendWithinSeconds { get; } = [2, 8, 30, 120];

    /// <summary>Waits between looks for proof, in seconds; the last one repeats until the deadline.</summary>
    public static IReadOnlyList<int> LookAfterSeconds { get; } = [1, 2, 3, 5, 10, 15, 30, 60, 120, 300];

    /// <summary>
    /// The wait before the next send, or null when it was sent often enough. What the cloud asks for is honoured; else anywhere
    /// up to the limit, so that many items do not come back together.
    /// </summary>
    /// <param name="sends">How often it was sent.</param>
    /// <param name="asked">The cloud's Retry-After.</param>
    /// <param name="chance">Between 0 and 1.</param>
    public static TimeSpan? NextSend(int sends, TimeSpan? asked, double chance) =>
        sends > SendWithinSeconds.Count ? null : asked ?? TimeSpan.FromSeconds(SendWithinSeconds[Math.Max(sends, 1) - 1] * chance);

    /// <summary>The wait before the next look.</summary>
    public static TimeSpan NextLook(int looks) => TimeSpan.FromSeconds(LookAfterSeconds[Math.Min(looks, LookAfterSeconds.Count - 1)]);
}
