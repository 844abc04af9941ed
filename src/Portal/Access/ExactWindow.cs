using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace Portal.Access;

/// <summary>
/// At most so many permits within any stretch of time. Unlike the framework's windows it can say to the tick when the next permit is
/// free, and its clock is a <see cref="TimeProvider"/>. It remembers the time of each permit, so it is for limits of tens, not of thousands.
/// </summary>
sealed class ExactWindow(int permits, TimeSpan window, TimeProvider time) : RateLimiter
{
    /// <summary>True on the first refusal within a window: what is worth a record.</summary>
    public static readonly MetadataName<bool> IsFirst = MetadataName.Create<bool>("FIRST_REFUSAL");

    readonly Lock gate = new();
    readonly Queue<long> taken = new();
    long? told;

    /// <inheritdoc />
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (gate)
            {
                DropOld();
                return taken.Count > 0 || told is { } since && time.GetElapsedTime(since) < window ? null : TimeSpan.MaxValue;
            }
        }
    }

    /// <inheritdoc />
    public override RateLimiterStatistics GetStatistics()
    {
        lock (gate)
        {
            DropOld();
            return new RateLimiterStatistics { CurrentAvailablePermits = permits - taken.Count };
        }
    }

    /// <inheritdoc />
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permitCount, 1);
        lock (gate)
        {
            DropOld();
            if (taken.Count + permitCount <= permits)
            {
                if (permitCount == 1)
                {
                    taken.Enqueue(time.GetTimestamp());
                }

                return Lease.Granted;
            }

            var isFirst = told is not { } since || time.GetElapsedTime(since) >= window;
            if (isFirst)
            {
                told = time.GetTimestamp();
            }

            return new Lease(window - time.GetElapsedTime(taken.Peek()), isFirst);
        }
    }

    /// <summary>Nobody waits in a queue: whoever is refused tries again.</summary>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => new(AttemptAcquireCore(permitCount));

    void DropOld()
    {
        while (taken.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= window)
        {
            taken.Dequeue();
        }
    }

    sealed class Lease(TimeSpan? retryAfter, bool isFirst) : RateLimitLease
    {
        public static readonly Lease Granted = new(null, false);

        public override bool IsAcquired => retryAfter is null;

        public override IEnumerable<string> MetadataNames => IsAcquired ? [] : [MetadataName.RetryAfter.Name, ExactWindow.IsFirst.Name];

        public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
        {
            metadata = IsAcquired ? null
                : metadataName == MetadataName.RetryAfter.Name ? retryAfter
                : metadataName == ExactWindow.IsFirst.Name ? isFirst
                : null;
            return metadata is not null;
        }
    }
}
