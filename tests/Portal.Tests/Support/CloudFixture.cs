using Portal.Tests.Support;

[assembly: AssemblyFixture(typeof(CloudFixture))]

namespace Portal.Tests.Support;

/// <summary>Lends simulators: starting one takes longer than most tests, so one that comes back is reset and lent again.</summary>
public sealed class CloudFixture : IAsyncDisposable
{
    readonly Stack<SimulatorProcess> idle = new();
    readonly Lock gate = new();

    /// <summary>A simulator with its sample data, for one test. Give it back with <see cref="Return"/>.</summary>
    public async Task<SimulatorProcess> BorrowAsync()
    {
        SimulatorProcess? simulator;
        lock (gate)
        {
            idle.TryPop(out simulator);
        }

        simulator ??= await SimulatorProcess.StartAsync("--Simulator:MirrorSeconds=0");
        await simulator.ResetAsync();
        return simulator;
    }

    public void Return(SimulatorProcess simulator)
    {
        lock (gate)
        {
            idle.Push(simulator);
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (idle.TryPop(out var simulator))
        {
            await simulator.DisposeAsync();
        }
    }
}

/// <summary>A portal on a database and a cloud of its own: what a test of a service derives from.</summary>
public abstract class PortalTest(PostgresFixture postgres, CloudFixture clouds) : IAsyncLifetime
{
    readonly Lazy<TestFolder> folder = new(() => new TestFolder());

    /// <summary>A folder of the test's own.</summary>
    protected string Folder => folder.Value.Path;

    protected TestDatabase Database { get; private set; } = null!;

    protected SimulatorProcess Cloud { get; private set; } = null!;

    protected PortalHost Node { get; private set; } = null!;

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Settings of <see cref="Node"/> that differ from the defaults.</summary>
    protected virtual (string Name, string Value)[] Settings => [];

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.CreateAsync();
        Cloud = await clouds.BorrowAsync();
        Node = PortalHost.On(Database, Cloud, Settings);
    }

    /// <summary>Ends what a test started besides, while its database is still there.</summary>
    protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await EndAsync();
        if (Node is not null)
        {
            await Node.DisposeAsync();
        }

        if (Cloud is not null)
        {
            await Cloud.ClearFaultsAsync();
            clouds.Return(Cloud);
        }

        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        if (folder.IsValueCreated)
        {
            folder.Value.Dispose();
        }
    }
}
