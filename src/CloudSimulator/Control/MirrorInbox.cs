using System.Text;
using CloudSimulator.Gateway;

namespace CloudSimulator.Control;

/// <summary>The bodies of mirror starts exactly as the cloud received them, secrets included: the one place where a canary password may be found.</summary>
sealed class MirrorInbox(SimulatorClock clock)
{
    const int Capacity = 200;
    const int LongestBody = 16 * 1024;
    readonly Queue<InboxEntry> _entries = [];
    readonly Lock _lock = new();

    /// <summary>Keeps the call when it is a mirror start; every other call passes by.</summary>
    public void Keep(ReceivedRequest received)
    {
        if (received.Method != "POST" || received.Service != CloudService.CodeArts || !received.RawPath.EndsWith("/remote-mirror", StringComparison.Ordinal))
            return;
        var body = Encoding.UTF8.GetString(received.Body.AsSpan(0, Math.Min(received.Body.Length, LongestBody)));
        lock (_lock)
        {
            _entries.Enqueue(new(clock.GetUtcNow(), received.RawPath, received.RequestId, body));
            if (_entries.Count > Capacity)
                _entries.Dequeue();
        }
    }

    public IReadOnlyList<InboxEntry> All()
    {
        lock (_lock)
            return [.. _entries];
    }

    public void Reset()
    {
        lock (_lock)
            _entries.Clear();
    }
}

sealed record InboxEntry(DateTimeOffset At, string Path, string RequestId, string Body);
