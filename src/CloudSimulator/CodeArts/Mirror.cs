namespace CloudSimulator.CodeArts;

/// <summary>What the control API wants of the next run of a mirror.</summary>
/// <param name="Fail">The run ends in a failure with <paramref name="Error"/>.</param>
/// <param name="Delay">How long the run takes; null for the usual pace.</param>
sealed record MirrorScript(bool Fail, string? Error, TimeSpan? Delay);

/// <summary>The mirror settings of a repository and the runs that are under way (huawei-api 2.1, 2.2). Not thread-safe: <see cref="RepositoryStore"/> holds the lock.</summary>
sealed class Mirror
{
    const int MostWaiting = 20;
    readonly Queue<Run> _runs = [];
    DateTimeOffset _lastEnd = DateTimeOffset.MinValue;

    public required int Id { get; init; }
    public required string Url { get; init; }
    public string? EndpointUuid { get; set; }
    public bool IsPrivate { get; init; }
    public bool MirroringEnabled { get; init; }
    public string UpdateStatus { get; set; } = "none";
    public DateTimeOffset? LastUpdateAt { get; set; }
    public DateTimeOffset? LastSuccessfulUpdateAt { get; set; }
    public int NumberOfFailures { get; set; }
    public string? LastError { get; set; }

    /// <summary>What the next start will use, then forget.</summary>
    public MirrorScript? NextResult { get; set; }

    /// <summary>
    /// Takes a start and gives its <c>jid</c>. Whether the cloud queues, merges or refuses a start during a run is not established:
    /// here every start is a run of its own, one after the other, so that a start sent twice can be seen.
    /// </summary>
    public string Start(DateTimeOffset now, TimeSpan usualDuration)
    {
        var jid = NewJobId();
        var script = NextResult;
        NextResult = null;
        // A bound on memory: a start beyond it joins the last run that waits.
        if (_runs.Count >= MostWaiting)
            return jid;
        var begins = _lastEnd > now ? _lastEnd : now;
        _lastEnd = begins + (script?.Delay ?? usualDuration);
        _runs.Enqueue(new Run(begins, _lastEnd, script is { Fail: true } ? script.Error ?? "fatal: unable to access the source repository" : null));
        Settle(now);
        return jid;
    }

    /// <summary>Brings the visible state up to the given time.</summary>
    public void Settle(DateTimeOffset now)
    {
        while (_runs.TryPeek(out var run) && run.EndsAt <= now)
        {
            _runs.Dequeue();
            LastUpdateAt = run.EndsAt;
            if (run.Error is null)
                (UpdateStatus, LastSuccessfulUpdateAt, NumberOfFailures, LastError) = ("finished", run.EndsAt, 0, null);
            else
                (UpdateStatus, NumberOfFailures, LastError) = ("failed", NumberOfFailures + 1, run.Error);
        }
        if (_runs.TryPeek(out var current) && current.BeginsAt <= now)
            (UpdateStatus, LastUpdateAt) = ("started", current.BeginsAt);
    }

    // Random, not sequential: a jid must tell nothing about another one.
    static string NewJobId() => new Guid(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)).ToString("D");

    sealed record Run(DateTimeOffset BeginsAt, DateTimeOffset EndsAt, string? Error);
}
