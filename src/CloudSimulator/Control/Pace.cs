namespace CloudSimulator.Control;

/// <summary>How long a sync job and a mirror run take, in seconds. 0 finishes them at once. Applies to what starts after a change.</summary>
sealed class Pace(IConfiguration configuration)
{
    readonly double _configuredJob = configuration.GetValue("Simulator:JobSeconds", 4.0);
    readonly double _configuredMirror = configuration.GetValue("Simulator:MirrorSeconds", 4.0);
    double? _job;
    double? _mirror;

    public TimeSpan Job => TimeSpan.FromSeconds(_job ?? _configuredJob);
    public TimeSpan Mirror => TimeSpan.FromSeconds(_mirror ?? _configuredMirror);

    /// <summary>Changes the paces that are given and leaves the others.</summary>
    public void Set(double? jobSeconds, double? mirrorSeconds) => (_job, _mirror) = (jobSeconds ?? _job, mirrorSeconds ?? _mirror);

    public void Reset() => (_job, _mirror) = (null, null);
}
