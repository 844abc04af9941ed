namespace Portal.Dispatch;

/// <summary>The points of a dispatch where it matters what is true when the process dies.</summary>
public enum Checkpoint
{
    /// <summary>Items are claimed; nothing else is written.</summary>
    Claimed,

    /// <summary>The intent is written in a transaction that is not committed.</summary>
    IntentNotCommitted,

    /// <summary>The intent is committed; the socket is not open yet.</summary>
    IntentWritten,

    /// <summary>The answer was read; nothing of it is written.</summary>
    Answered,

    /// <summary>The answer is written in a transaction that is not committed.</summary>
    AnswerNotCommitted,

    /// <summary>The answer is committed; nobody has been told yet.</summary>
    AnswerWritten,

    /// <summary>The target was looked at; what was seen is not written.</summary>
    Looked,

    /// <summary>A verdict about the target is written in a transaction that is not committed.</summary>
    VerdictNotCommitted,
}

/// <summary>
/// Lets a test end this process, as a power failure would, when it passes a named point: <c>Dispatch:DieAt</c>. In Development only;
/// anywhere else the portal refuses to start with it.
/// </summary>
public sealed class Checkpoints
{
    /// <summary>The setting that names the point.</summary>
    public const string Setting = "Dispatch:DieAt";

    readonly Checkpoint? deadly;

    public Checkpoints(IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration[Setting] is not { Length: > 0 } name)
        {
            return;
        }

        if (!environment.IsDevelopment())
        {
            throw new RefusedSettingException($"{Setting} is set in the environment '{environment.EnvironmentName}'. It ends the process on purpose: remove it.");
        }

        deadly = Enum.TryParse<Checkpoint>(name, out var point)
            ? point
            : throw new RefusedSettingException($"{Setting} is '{name}'; it must be one of {string.Join(", ", Enum.GetNames<Checkpoint>())}.");
    }

    /// <summary>Goes on, unless this is the point where the process is to die.</summary>
    public void Pass(Checkpoint point)
    {
        if (point == deadly)
        {
            // SIGKILL: no handler, no finally block, no flush.
            using var self = System.Diagnostics.Process.GetCurrentProcess();
            self.Kill();
            self.WaitForExit();
        }
    }
}
