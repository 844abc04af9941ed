using Portal.FaultTests.Support;
using Portal.Tests.Support;

[assembly: AssemblyFixture(typeof(Stage))]

namespace Portal.FaultTests.Support;

/// <summary>What all trials share: the server, a cloud with very many targets, and the number of the next target that nobody has used.</summary>
public sealed class Stage : IAsyncLifetime
{
    const int Most = 20_000;

    readonly PostgresFixture postgres = new();
    readonly SemaphoreSlim oneAtATime = new(1, 1);
    readonly Lock making = new();
    Task<OwnCluster>? cluster;
    int image;
    int mirror;

    /// <summary>The cloud that counts effects.</summary>
    public SimulatorProcess Cloud { get; private set; } = null!;

    /// <summary>Whether every node is a process, also those that nothing happens to. It takes twice as long.</summary>
    public bool AllProcesses { get; set; }

    /// <summary>Only one at a time may crash the server of <see cref="ClusterAsync"/>.</summary>
    public SemaphoreSlim Crashing { get; } = new(1, 1);

    /// <summary>Only one at a time may log in or end logins: all share the one user of the cloud.</summary>
    public SemaphoreSlim LoggingIn { get; } = new(1, 1);

    public async ValueTask InitializeAsync()
    {
        Cloud = await SimulatorProcess.StartAsync("--Simulator:JobSeconds=0", "--Simulator:MirrorSeconds=0", "--Simulator:LockAccessKeyAfter=0");
        await Cloud.BulkAsync(Most, Most);
    }

    /// <summary>A migrated database on the server of all tests.</summary>
    public async Task<TestDatabase> DatabaseAsync()
    {
        // The rights in a new database are given in one transaction each; two at once disturb each other in the server's catalogue.
        await oneAtATime.WaitAsync();
        try
        {
            return await postgres.CreateAsync();
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>A server that may be crashed.</summary>
    public Task<OwnCluster> ClusterAsync()
    {
        lock (making)
        {
            return cluster ??= OwnCluster.StartAsync();
        }
    }

    /// <summary>A wish for an image that nobody has touched, and a word that only paths of its calls hold: two rules, then the copy of a tag.</summary>
    public (Wish Wish, string Word) NextImage()
    {
        var number = Next(ref image);
        var name = $"image-{number:00000}";
        var (wish, target) = number % 3 == 0
            ? (Given.CopyTags(["1.0"], name, "cn-east-3", "bulk-copy"), $"copy:cn-north-4/bulk/{name}->cn-east-3/bulk-copy:1.0")
            : (Given.Rule(name, "cn-east-3", "bulk-copy"), $"rule:cn-north-4/bulk/{name}->cn-east-3/bulk-copy");
        return (wish.With("organization", "bulk") with { Target = target }, name);
    }

    /// <summary>A wish to synchronize a mirror that nobody has touched, and a word that only paths of its calls hold.</summary>
    public (Wish Wish, string Word) NextMirror()
    {
        var id = 9_000_000 + Next(ref mirror);
        return (Given.Mirror(id), $"/{id}/");
    }

    static int Next(ref int last) => Interlocked.Increment(ref last) is var next and <= Most ? next : throw new InvalidOperationException("There are no more targets.");

    public async ValueTask DisposeAsync()
    {
        if (cluster is { IsCompletedSuccessfully: true })
        {
            await (await cluster).DisposeAsync();
        }

        await Cloud.DisposeAsync();
        await postgres.DisposeAsync();
        oneAtATime.Dispose();
        Crashing.Dispose();
        LoggingIn.Dispose();
    }
}
