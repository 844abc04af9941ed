namespace CloudSimulator.Control;

/// <summary>The simulated cloud's time: real time plus what the control API added, so that a test moves jobs and tokens on without waiting.</summary>
sealed class SimulatorClock : TimeProvider
{
    long _offsetTicks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _offsetTicks, by.Ticks);

    public void Reset() => Interlocked.Exchange(ref _offsetTicks, 0);
}
