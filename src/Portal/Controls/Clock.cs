namespace Portal.Controls;

/// <summary>One timer for all relative times on all open pages: it ticks every 30 s while anybody listens.</summary>
public sealed class Clock(TimeProvider time) : IDisposable
{
    /// <summary>How often the words of a relative time may change.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    readonly Lock gate = new();
    readonly HashSet<Listener> listeners = [];
    ITimer? timer;

    /// <summary>The time now, in UTC.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Calls <paramref name="tick"/> at every tick, in the caller's own language, until the result is disposed.</summary>
    public IDisposable Subscribe(Action tick)
    {
        var listener = new Listener(this, tick, ExecutionContext.Capture());
        lock (gate)
        {
            listeners.Add(listener);
            if (timer is null)
            {
                // The timer serves everybody, so it must not carry the language of whoever came first.
                using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
                    timer = time.CreateTimer(_ => Tick(), null, Interval, Interval);
            }
        }

        return listener;
    }

    public void Dispose()
    {
        lock (gate)
            timer?.Dispose();
    }

    void Tick()
    {
        Listener[] now;
        lock (gate)
            now = [.. listeners];
        foreach (var listener in now)
            listener.Tick();
    }

    void Remove(Listener listener)
    {
        lock (gate)
        {
            listeners.Remove(listener);
            if (listeners.Count > 0)
                return;
            timer?.Dispose();
            timer = null;
        }
    }

    sealed class Listener(Clock clock, Action tick, ExecutionContext? context) : IDisposable
    {
        public void Tick()
        {
            if (context is null)
                tick();
            else
                ExecutionContext.Run(context, static call => ((Action)call!)(), tick);
        }

        public void Dispose() => clock.Remove(this);
    }
}
