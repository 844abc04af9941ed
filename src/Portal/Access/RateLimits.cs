using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Portal.Access;

/// <summary>Something was asked for more often than <see cref="RateLimit"/> allows; nothing was done.</summary>
/// <param name="Limit">The limit as it is set here.</param>
/// <param name="RetryAfter">When it can be tried again.</param>
/// <param name="IsFirst">The first refusal of this person or address for a while.</param>
public sealed record TooOften(RateLimit Limit, TimeSpan RetryAfter, bool IsFirst) : Refusal
{
    bool IsShort => Limit.Seconds < 120;

    /// <summary>For <c>Retry-After</c>: whole seconds, never before the permit is there.</summary>
    public int RetryAfterSeconds => Math.Max(1, (int)Math.Ceiling(RetryAfter.TotalSeconds));

    /// <inheritdoc />
    public override string WordKey => IsShort ? "Refusal.TooOften" : "Refusal.TooOften.Minutes";

    /// <inheritdoc />
    public override object[] Arguments => IsShort
        ? [Limit.Permits, Limit.Seconds, RetryAfterSeconds]
        : [Limit.Permits, Limit.Seconds / 60, (int)Math.Ceiling(RetryAfterSeconds / 60.0)];
}

/// <summary>
/// Counts for the limits of <see cref="RateLimit"/>, as the section <c>Limits</c> sets them. Each node counts for itself: with two nodes a
/// person can do twice as much, which is still little. Workers do not ask here, and nobody asks for them.
/// </summary>
public sealed class RateLimits : IDisposable
{
    /// <summary>Setting that turns them off, for tests; refused outside Development.</summary>
    public const string Switch = "Limits:Enabled";

    readonly PartitionedRateLimiter<(RateLimit Limit, string Who)> limiter;
    readonly Dictionary<string, RateLimit> limits;
    readonly bool enabled;

    /// <summary>Reads the settings. Throws, naming the setting, when one cannot be meant.</summary>
    public RateLimits(IConfiguration configuration, TimeProvider time)
    {
        var section = configuration.GetSection("Limits");
        enabled = configuration.GetValue(Switch, true);
        limits = RateLimit.All.Select(limit => Read(section.GetSection(limit.Name), limit)).ToDictionary(limit => limit.Name);
        limiter = PartitionedRateLimiter.Create<(RateLimit Limit, string Who), (string Name, string Who)>(asked => RateLimitPartition.Get(
            (asked.Limit.Name, asked.Who), _ => new ExactWindow(asked.Limit.Permits, asked.Limit.Window, time)));
    }

    /// <summary>Takes a permit: null when it may be done now.</summary>
    /// <param name="limit">One of <see cref="RateLimit.All"/>.</param>
    /// <param name="who">From <see cref="KeyOf(Actor)"/> or <see cref="KeyOf(IPAddress?)"/>.</param>
    public TooOften? Take(RateLimit limit, string who)
    {
        if (!enabled)
        {
            return null;
        }

        var set = limits[limit.Name];
        using var lease = limiter.AttemptAcquire((set, who));
        if (lease.IsAcquired)
        {
            return null;
        }

        lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter);
        lease.TryGetMetadata(ExactWindow.IsFirst, out var isFirst);
        return new TooOften(set, retryAfter, isFirst);
    }

    /// <summary>A signed-in person, in all their browsers.</summary>
    public static string KeyOf(Actor actor) => "person " + actor.Id;

    /// <summary>Everybody at an address. Of IPv6 the first 64 bits: whoever has one such address has all of them.</summary>
    public static string KeyOf(IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is { AddressFamily: AddressFamily.InterNetworkV6 }
            ? "address " + Convert.ToHexStringLower(plain.GetAddressBytes().AsSpan(0, 8))
            : $"address {plain}";
    }

    /// <inheritdoc />
    public void Dispose() => limiter.Dispose();

    static RateLimit Read(IConfigurationSection section, RateLimit limit)
    {
        var set = limit with { Permits = section.GetValue("Permits", limit.Permits), Seconds = section.GetValue("Seconds", limit.Seconds) };
        return set is { Permits: >= 1 and <= 10_000, Seconds: >= 1 and <= 86_400 }
            ? set
            : throw new RefusedSettingException($"{section.Path} must have Permits from 1 to 10000 and Seconds from 1 to 86400.");
    }
}
