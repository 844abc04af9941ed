namespace Portal.Telemetry;

/// <summary>Whether this node is told of the changes that any node commits. While it is not, open pages show what was and workers wake by the clock alone.</summary>
public sealed class FeedState
{
    volatile bool connected;

    /// <summary>True from LISTEN until the connection breaks.</summary>
    public bool IsConnected
    {
        get => connected;
        set => connected = value;
    }
}
