using CloudSimulator.Control;

namespace CloudSimulator.Signing;

/// <summary>Locks an access key for five minutes after too many bad signatures in a row (huawei-api section 5). Off unless <c>Simulator:LockAccessKeyAfter</c> is above 0.</summary>
sealed class AccessKeyLock(SimulatorClock clock, IConfiguration configuration)
{
    static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(5);
    readonly int _limit = configuration.GetValue("Simulator:LockAccessKeyAfter", 0);
    // Holds known keys only, so it cannot grow.
    readonly Dictionary<string, (int Failures, DateTimeOffset Last)> _failures = [];
    readonly Lock _lock = new();

    public bool IsLocked(string accessKey)
    {
        lock (_lock)
            return _limit > 0 && _failures.TryGetValue(accessKey, out var seen) && seen.Failures >= _limit && clock.GetUtcNow() - seen.Last < LockedFor;
    }

    public void Failed(string accessKey)
    {
        lock (_lock)
            _failures[accessKey] = (_failures.GetValueOrDefault(accessKey).Failures + 1, clock.GetUtcNow());
    }

    public void Succeeded(string accessKey)
    {
        lock (_lock)
            _failures.Remove(accessKey);
    }

    public void Reset()
    {
        lock (_lock)
            _failures.Clear();
    }
}
