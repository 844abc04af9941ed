using Portal.Telemetry;

namespace Portal.Health;

/// <summary>
/// The workers of this node, and its line to the changes of all nodes. A node with an ill worker still serves pages, and the other nodes take its calls over
/// when their leases end: it is worth an alarm, not worth taking the node out.
/// </summary>
public sealed class NodeParts(Heartbeats heartbeats, FeedState feed) : IHealthPart
{
    /// <inheritdoc />
    public bool IsNeeded => false;

    /// <inheritdoc />
    public Task<IReadOnlyList<PartState>> LookAsync(CancellationToken token)
    {
        List<PartState> parts = [feed.IsConnected ? PartState.Well("feed") : new("feed", false, "Health.FeedBroken")];
        parts.AddRange(heartbeats.All.Select(heartbeat => heartbeat.IsLate
            ? new PartState($"worker/{heartbeat.Worker}", false, "Health.WorkerLate", (long)heartbeat.Age.TotalSeconds)
            : PartState.Well($"worker/{heartbeat.Worker}")));
        if (parts.Count == 1)
        {
            parts.Add(new("worker", true, "Health.WorkersOff"));
        }

        return Task.FromResult<IReadOnlyList<PartState>>(parts);
    }
}
