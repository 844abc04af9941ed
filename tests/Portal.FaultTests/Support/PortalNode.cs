using System.Collections.Concurrent;
using System.Diagnostics;
using Portal.Tests.Support;

namespace Portal.FaultTests.Support;

/// <summary>The built portal as a process of its own, to be killed, frozen and told to stop.</summary>
public sealed class PortalNode : IAsyncDisposable
{
    /// <summary>How long anything may take that must come about.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    const int MostLines = 400;

    static readonly string Program = Path.Combine(
        Repository.Root, "src", "Portal", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Portal.dll");

    readonly ConcurrentQueue<string> lines = new();
    readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Process process;

    PortalNode(Process process)
    {
        this.process = process;
        _ = FollowAsync(process.StandardOutput);
        _ = FollowAsync(process.StandardError);
    }

    /// <summary>What it said last.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>How it ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Starts it in Development; what is given are the settings of its environment.</summary>
    public static PortalNode Start(IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Program);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new PortalNode(Process.Start(start)!);
    }

    /// <summary>Returns when it listens, and so works.</summary>
    public async Task WhenReadyAsync()
    {
        if (await Task.WhenAny(ready.Task, process.WaitForExitAsync()).WaitAsync(Patience) != ready.Task)
        {
            throw new InvalidOperationException($"The portal ended with {process.ExitCode}: {Output}");
        }
    }

    /// <summary>Returns when it has ended, by itself or not.</summary>
    public Task WhenEndedAsync() => process.WaitForExitAsync().WaitAsync(Patience);

    /// <summary>SIGKILL: it gets no chance to write anything more.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: it ends what it began.</summary>
    public Task StopAsync() => SignalAsync("TERM");

    /// <summary>SIGSTOP: it stands still, as in a very long pause of the garbage collector or of its virtual machine.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    // Read to the end, because a full pipe would stop the portal.
    async Task FollowAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lines.Enqueue(line);
            if (line.Contains("Now listening on:", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }

            while (lines.Count > MostLines)
            {
                lines.TryDequeue(out _);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }
}
