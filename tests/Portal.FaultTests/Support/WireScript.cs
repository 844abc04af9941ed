namespace Portal.FaultTests.Support;

/// <summary>What befalls a call on its way.</summary>
public enum WireFault
{
    /// <summary>The connection is cut when the headers are there.</summary>
    CutBeforeBody,

    /// <summary>The connection is cut when half of the body has been passed on.</summary>
    CutInBody,

    /// <summary>The call is passed on in full; then the connection is cut.</summary>
    CutAfterBody,

    /// <summary>The call is carried out; half of the answer comes back.</summary>
    CutInAnswer,

    /// <summary>The call is held when its headers are there, until somebody lets go: then it is dropped.</summary>
    HoldHead,

    /// <summary>The call is held when all of it is there, until somebody lets go: then it is passed on, even if nobody waits for the answer.</summary>
    HoldCall,

    /// <summary>The call is carried out and its answer held, until somebody lets go: then it is passed on.</summary>
    HoldAnswer,

    /// <summary>Read and never answered, nor passed on.</summary>
    NeverAnswer,

    /// <summary>The answer comes back one byte a second.</summary>
    OneByteASecond,

    /// <summary>The connection is kept open after the answer; a second call on it is cut.</summary>
    ResetOnReuse,
}

/// <summary>A fault for calls of one method whose path holds a word.</summary>
public sealed class WireScript(string word, string method, WireFault fault, int times)
{
    readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int left = times;

    /// <summary>What befalls them.</summary>
    public WireFault Fault => fault;

    /// <summary>Ends when the first call has come to the point of the fault.</summary>
    public Task Met => met.Task.WaitAsync(PortalNode.Patience);

    /// <summary>True when a call met it.</summary>
    public bool Bit => met.Task.IsCompleted;

    /// <summary>Ends when what is held is let go.</summary>
    public Task Released => released.Task;

    /// <summary>Ends when the wire is done with the first call that met it.</summary>
    public Task Over => over.Task.WaitAsync(PortalNode.Patience);

    /// <summary>Lets go what is held, now and later.</summary>
    public void Release() => released.TrySetResult();

    internal bool Meets(string verb, string path) =>
        verb == method && path.Contains(word, StringComparison.Ordinal) && Interlocked.Decrement(ref left) >= 0;

    internal void Meet() => met.TrySetResult();

    internal void End() => over.TrySetResult();
}
