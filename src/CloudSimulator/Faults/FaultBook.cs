using CloudSimulator.Gateway;

namespace CloudSimulator.Faults;

/// <summary>The faults that wait for a matching call, in the order in which they were given, and the calls that are being held.</summary>
sealed class FaultBook
{
    const int Capacity = 1000;
    readonly List<Scheduled> _scheduled = [];
    readonly Lock _lock = new();
    TaskCompletionSource _released = NewSignal();
    TaskCompletionSource _arrived = NewSignal();
    int _waiting;

    /// <summary>False when there are too many already.</summary>
    public bool Add(Fault fault)
    {
        lock (_lock)
        {
            _scheduled.RemoveAll(s => s.Left == 0);
            if (_scheduled.Count >= Capacity)
                return false;
            _scheduled.Add(new Scheduled(fault));
            return true;
        }
    }

    /// <summary>The first fault that meets the call, used up by one; null when the call is to be answered as usual.</summary>
    public Fault? Take(ReceivedRequest received)
    {
        lock (_lock)
        {
            foreach (var scheduled in _scheduled.Where(s => s.Left > 0 && s.Fault.Match.Meets(received)))
            {
                if (scheduled.ToSkip > 0)
                {
                    scheduled.ToSkip--;
                    continue;
                }
                scheduled.Left--;
                scheduled.Met++;
                return scheduled.Fault;
            }
            return null;
        }
    }

    public IReadOnlyList<object> All()
    {
        lock (_lock)
            return [.. _scheduled.Select(s => new { fault = s.Fault, left = s.Left, met = s.Met })];
    }

    /// <summary>Forgets all faults and releases what is held.</summary>
    public void Clear()
    {
        lock (_lock)
            _scheduled.Clear();
        Release();
    }

    /// <summary>Lets every held call go on.</summary>
    public void Release()
    {
        TaskCompletionSource released;
        lock (_lock)
            (released, _released) = (_released, NewSignal());
        released.SetResult();
    }

    /// <summary>Says that a call is held or left hanging, until what is returned is disposed.</summary>
    public Waiting BeginWaiting()
    {
        TaskCompletionSource arrived;
        Task released;
        lock (_lock)
        {
            _waiting++;
            (arrived, _arrived) = (_arrived, NewSignal());
            released = _released.Task;
        }
        arrived.SetResult();
        return new Waiting(this, released);
    }

    /// <summary>Ends when at least so many calls are held or left hanging.</summary>
    public async Task WhenWaitingAsync(int count, CancellationToken cancellation)
    {
        while (true)
        {
            Task arrived;
            lock (_lock)
            {
                if (_waiting >= count)
                    return;
                arrived = _arrived.Task;
            }
            await arrived.WaitAsync(cancellation);
        }
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One call that gets no answer yet. <see cref="Released"/> ends with the next <see cref="Release"/>.</summary>
    public sealed class Waiting(FaultBook book, Task released) : IDisposable
    {
        public Task Released { get; } = released;

        public void Dispose()
        {
            lock (book._lock)
                book._waiting--;
        }
    }

    sealed class Scheduled(Fault fault)
    {
        public Fault Fault { get; } = fault;
        public int Left { get; set; } = fault.MostTimes;
        public int ToSkip { get; set; } = fault.Skip;
        public int Met { get; set; }
    }
}
