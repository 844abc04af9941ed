namespace CloudSimulator.Control;

/// <summary>One cloud call as the control API shows it. No header and no body is ever kept here.</summary>
sealed class Call(DateTimeOffset at, string method, string path, string requestId)
{
    public DateTimeOffset At { get; } = at;
    public string Method { get; } = method;
    public string Path { get; } = path;
    public string RequestId { get; } = requestId;

    /// <summary>Null while the call is in progress, and for good when it was never answered.</summary>
    public int? Status { get; private set; }

    /// <summary>Name of the fault that met this call, or null.</summary>
    public string? Fault { get; set; }

    /// <summary>The connection was reset or left hanging instead of an answer.</summary>
    public bool Unanswered { get; set; }

    /// <summary>False while the simulator still works on the call, or holds it.</summary>
    public bool Ended { get; private set; }

    public void End(int status)
    {
        Status = Unanswered ? null : status;
        Ended = true;
    }
}

/// <summary>The most recent cloud calls, oldest first.</summary>
sealed class CallLog(SimulatorClock clock)
{
    const int Capacity = 1000;
    const int LongestPath = 2000;
    readonly Queue<Call> _calls = [];
    readonly Lock _lock = new();

    public Call Begin(string method, string target, string requestId)
    {
        var call = new Call(clock.GetUtcNow(), method, target.Length > LongestPath ? target[..LongestPath] : target, requestId);
        lock (_lock)
        {
            _calls.Enqueue(call);
            if (_calls.Count > Capacity)
                _calls.Dequeue();
        }
        return call;
    }

    public IReadOnlyList<Call> All()
    {
        lock (_lock)
            return [.. _calls];
    }

    public void Reset()
    {
        lock (_lock)
            _calls.Clear();
    }
}
