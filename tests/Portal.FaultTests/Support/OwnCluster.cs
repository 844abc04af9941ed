using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Portal.Tests.Support;

namespace Portal.FaultTests.Support;

/// <summary>
/// A PostgreSQL cluster that may be stopped the hard way, which the one of all tests may not. Its programs are where
/// <c>PORTAL_TEST_POSTGRES_PROGRAMS</c> says, or where Debian puts them.
/// </summary>
public sealed class OwnCluster : IAsyncDisposable
{
    const string Variable = "PORTAL_TEST_POSTGRES_PROGRAMS";

    readonly string folder;
    readonly int port;
    PostgresFixture? templates;

    OwnCluster(string folder, int port) => (this.folder, this.port) = (folder, port);

    /// <summary>Makes and starts it.</summary>
    public static async Task<OwnCluster> StartAsync()
    {
        var top = Directory.CreateTempSubdirectory("portal-faults-").FullName;
        var cluster = new OwnCluster(Path.Combine(top, "data"), FreePort());
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres:", top);
        }

        await ProgramAsync(
            "initdb", "--pgdata", cluster.folder, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync");
        await File.AppendAllTextAsync(
            Path.Combine(cluster.folder, "postgresql.conf"),
            $"port = {cluster.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200\nlog_min_messages = fatal\n");
        await cluster.StartAgainAsync();
        cluster.templates = new PostgresFixture($"Host=127.0.0.1;Port={cluster.port};Username=postgres;Database=postgres");
        return cluster;
    }

    /// <summary>A migrated database with nothing in it.</summary>
    public async Task<TestDatabase> CreateAsync()
    {
        TestDatabase? made = null;
        await DespiteOldConnectionsAsync(async () => made = await templates!.CreateAsync());
        return made!;
    }

    /// <summary>Does something again when it met a connection of before a crash.</summary>
    public static async Task DespiteOldConnectionsAsync(Func<Task> action)
    {
        for (var old = 0; ; old++)
        {
            try
            {
                await action();
                return;
            }
            catch (NpgsqlException) when (old < 40)
            {
                // Each try takes one of them out of the pool.
            }
        }
    }

    /// <summary>Ends it as a crash would: no checkpoint, no goodbye to its clients.</summary>
    public Task CrashAsync() => ProgramAsync("pg_ctl", "stop", "--pgdata", folder, "--mode", "immediate", "--wait");

    /// <summary>Starts it; it recovers what was committed.</summary>
    public Task StartAgainAsync() => ProgramAsync("pg_ctl", "start", "--pgdata", folder, "--wait", "--log", Path.Combine(folder, "server.log"));

    static Task ProgramAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs(), program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("setpriv", ["--reuid", "postgres", "--regid", "postgres", "--init-groups", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    static string Programs() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
        ? given
        : Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Order(StringComparer.Ordinal).Last();

    static async Task RunAsync(string program, params string[] arguments)
    {
        // Its output goes nowhere: a server that inherits a pipe keeps it open for as long as it lives.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null");
        foreach (var argument in (string[])[program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await CrashAsync();
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }
}
