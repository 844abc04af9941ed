using System.Collections.Concurrent;

namespace Portal.Telemetry;

/// <summary>How a worker of this node stands.</summary>
/// <param name="Worker">Its name: <c>dispatch</c>, <c>observe</c>, <c>house</c>.</param>
/// <param name="Age">How long ago the slowest of its loops came round.</param>
/// <param name="Longest">How long that may take when all is well.</param>
public sealed record Heartbeat(string Worker, TimeSpan Age, TimeSpan Longest)
{
    /// <summary>It hangs, or it died.</summary>
    public bool IsLate => Age > Longest;
}

/// <summary>Where the loops of this node say that they still come round.</summary>
public sealed class Heartbeats(TimeProvider time)
{
    readonly ConcurrentDictionary<Heart, byte> hearts = new();

    /// <summary>How each worker stands, by name; nothing of workers that this node does not run.</summary>
    public IReadOnlyList<Heartbeat> All =>
    [
        .. hearts.Keys.GroupBy(heart => heart.Worker).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
        {
            var slowest = group.MaxBy(heart => heart.Age)!;
            return new Heartbeat(slowest.Worker, slowest.Age, slowest.Longest);
        }),
    ];

    /// <summary>A loop begins. Dispose what it gets when it was told to stop, and only then: a loop that died must be missed.</summary>
    public Heart Begin(string worker, TimeSpan longest)
    {
        var heart = new Heart(this, worker, longest, time);
        hearts[heart] = 0;
        return heart;
    }

    /// <summary>One loop.</summary>
    public sealed class Heart : IDisposable
    {
        readonly Heartbeats all;
        readonly TimeProvider time;
        long last;

        internal Heart(Heartbeats all, string worker, TimeSpan longest, TimeProvider time)
        {
            (this.all, Worker, Longest, this.time) = (all, worker, longest, time);
            last = time.GetTimestamp();
        }

        internal string Worker { get; }

        internal TimeSpan Longest { get; }

        internal TimeSpan Age => time.GetElapsedTime(Volatile.Read(ref last));

        /// <summary>It came round.</summary>
        public void Beat() => Volatile.Write(ref last, time.GetTimestamp());

        /// <summary>It was told to stop.</summary>
        public void Dispose() => all.hearts.TryRemove(this, out _);
    }
}
