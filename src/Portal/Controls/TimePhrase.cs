namespace Portal.Controls;

/// <summary>A distance in time as a resource key and a number: "3 minutes ago", "in 2 hours".</summary>
/// <param name="Key">The word's key in Words.resx.</param>
/// <param name="Count">The number for its slot.</param>
public readonly record struct TimePhrase(string Key, int Count)
{
    /// <summary>The phrase for <paramref name="at"/> as seen from <paramref name="now"/>; whole units, rounded down; the last minute is "just now".</summary>
    public static TimePhrase Between(DateTimeOffset at, DateTimeOffset now)
    {
        // A deadline three days away is "in 3 days" also a moment after it was set.
        var distance = at > now ? at - now + TimeSpan.FromSeconds(30) : now - at;
        if (distance < TimeSpan.FromMinutes(1))
            return new("Time.Now", 0);
        var (unit, count) = distance switch
        {
            { TotalHours: < 1 } => ("Minute", (int)distance.TotalMinutes),
            { TotalDays: < 1 } => ("Hour", (int)distance.TotalHours),
            { TotalDays: < 30 } => ("Day", (int)distance.TotalDays),
            { TotalDays: < 365 } => ("Month", (int)(distance.TotalDays / 30)),
            _ => ("Year", (int)(distance.TotalDays / 365)),
        };
        var plural = count == 1 ? "" : "s";
        return new(at <= now ? $"Time.{unit}{plural}Ago" : $"Time.In{unit}{plural}", count);
    }
}
