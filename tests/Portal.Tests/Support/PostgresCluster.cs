using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Portal.Tests.Support;

/// <summary>
/// A PostgreSQL cluster of a test's own: it may be stopped the hard way, and its files may be read. Its programs are where
/// <c>PORTAL_TEST_POSTGRES_PROGRAMS</c> says, or where Debian puts them.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    const string Variable = "PORTAL_TEST_POSTGRES_PROGRAMS";

    readonly int port;

    PostgresCluster(string folder, int port) => (Folder, this.port) = (folder, port);

    /// <summary>Its data directory.</summary>
    public string Folder { get; }

    /// <summary>What the server logs.</summary>
    public string Log => Path.Combine(Path.GetDirectoryName(Folder)!, "server.log");

    /// <summary>As its superuser.</summary>
    public string Connection => $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres";

    /// <summary>Makes and starts it; further settings as lines of <c>postgresql.conf</c>.</summary>
    public static async Task<PostgresCluster> StartAsync(string settings = "")
    {
        var top = Directory.CreateTempSubdirectory("portal-cluster-").FullName;
        var cluster = new PostgresCluster(Path.Combine(top, "data"), FreePort());
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres:", top);
        }

        await ProgramAsync(
            "initdb", "--pgdata", cluster.Folder, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync");
        await File.AppendAllTextAsync(
            Path.Combine(cluster.Folder, "postgresql.conf"),
            $"port = {cluster.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200\n{settings}\n");
        await cluster.StartAgainAsync();
        return cluster;
    }

    /// <summary>Ends it as a crash would: no checkpoint, no goodbye to its clients.</summary>
    public Task CrashAsync() => ProgramAsync("pg_ctl", "stop", "--pgdata", Folder, "--mode", "immediate", "--wait");

    /// <summary>Starts it; it recovers what was committed.</summary>
    public Task StartAgainAsync() => ProgramAsync("pg_ctl", "start", "--pgdata", Folder, "--wait", "--log", Log);

    /// <summary>A whole database as SQL.</summary>
    public async Task<string> DumpAsync(string database)
    {
        var to = Path.Combine(Path.GetDirectoryName(Folder)!, $"{database}.sql");
        await ProgramAsync(
            "pg_dump", "--host", "127.0.0.1", "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--username", "postgres", "--file", to, database);
        return to;
    }

    static Task ProgramAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(ProgramsFolder(), program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("setpriv", ["--reuid", "postgres", "--regid", "postgres", "--init-groups", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    static string ProgramsFolder() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
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
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }
}
