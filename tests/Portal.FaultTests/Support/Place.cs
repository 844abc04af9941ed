using System.Diagnostics;
using Portal.Tests.Support;

namespace Portal.FaultTests.Support;

/// <summary>A database, a wire to the cloud, the nodes that work on them, and a desk where people ask and decide: a portal that sends nothing itself.</summary>
public sealed class Place : IAsyncDisposable
{
    // Waits that the portal keeps for the good of the cloud, and that would only make a trial long. The waits for proof and the leases
    // are not touched: what a trial is about must take its time.
    static readonly string[] Hurries =
    [
        "update portal.lane set open_until = clock_timestamp() where open_until > clock_timestamp() + interval '0.5 s'",
        "update portal.rate_budget set throttled_until = null where throttled_until > clock_timestamp() + interval '0.5 s'",
        """
        update portal.request_item set due_at = clock_timestamp() where id in (
          select id from portal.request_item
          where state in ('Queued', 'Observing', 'Unknown') and lease_until is null and due_at > clock_timestamp() + interval '2 s'
          order by id for update skip locked)
        """,
        // Accepted, and nothing to be seen of it after many looks: its deadline is minutes away and comes now.
        "update portal.request_item set deadline = clock_timestamp() where state = 'Observing' and lease_until is null and looks >= 8 and deadline > clock_timestamp()",
    ];

    static readonly (string Name, string Value)[] Quick =
    [
        ("Huawei__TimeoutSeconds", "2"), ("Dispatch__Enabled", "true"), ("Dispatch__Concurrency", "16"), ("Dispatch__PollSeconds", "0.2"),
        ("Dispatch__ResendAfterSeconds", "1"), ("Dispatch__Rates__Default__PerSecond", "100000"), ("Dispatch__Rates__Default__Burst", "100000"),
    ];

    readonly List<PortalNode> nodes = [];
    readonly List<PortalHost> workers = [];
    readonly SimulatorProcess cloud;

    public Place(TestDatabase database, SimulatorProcess cloud)
    {
        (Database, this.cloud) = (database, cloud);
        Wire = new Wire(cloud.Address);
        Desk = PortalHost.On(database, cloud);
    }

    public TestDatabase Database { get; }

    public Wire Wire { get; }

    public PortalHost Desk { get; }

    /// <summary>Starts a node as a process of its own, to do something to it. Further settings win.</summary>
    public PortalNode Start(params (string Name, string Value)[] further)
    {
        Dictionary<string, string> settings = new()
        {
            ["ConnectionStrings__Portal"] = Database.AppConnection,
            ["SignIn__Personas"] = "true",
            ["Huawei__AccessKey"] = SimulatorProcess.AccessKey,
            ["Huawei__SecretKey"] = SimulatorProcess.SecretKey,
            ["Huawei__Endpoints__Iam"] = Wire.Endpoint("iam"),
            ["Huawei__Endpoints__Swr"] = Wire.Endpoint("swr"),
            ["Huawei__Endpoints__CodeArtsRepo"] = Wire.Endpoint("codearts"),
            // Many short lives: what pays off later only costs here.
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_gcServer"] = "0",
        };
        foreach (var (name, value) in Quick.Concat(further))
        {
            settings[name] = value;
        }

        var node = PortalNode.Start(settings);
        nodes.Add(node);
        return node;
    }

    /// <summary>
    /// Starts a node that stays whole, such as the one that takes over: the same services and worker in this process, which is ready at once.
    /// </summary>
    public async Task<PortalHost> WorkAsync(TimeProvider time, params (string Name, string Value)[] further)
    {
        var worker = PortalHost.On(
            Database, Wire.Endpoint, time,
            [.. further.Concat(Quick).DistinctBy(setting => setting.Name).Select(setting => (setting.Name.Replace("__", ":", StringComparison.Ordinal), setting.Value))]);
        workers.Add(worker);
        await worker.StartAsync();
        return worker;
    }

    /// <summary>As a worker with the usual clock.</summary>
    public Task<PortalHost> WorkAsync(params (string Name, string Value)[] further) => WorkAsync(TimeProvider.System, further);

    /// <summary>Settings of a node that logs in instead of signing.</summary>
    public static (string Name, string Value)[] WithPassword =>
    [
        ("Huawei__Authentication", "Password"), ("Huawei__Account", SimulatorProcess.Account), ("Huawei__User", SimulatorProcess.User),
        ("Huawei__Password", SimulatorProcess.Password), ("Huawei__AccessKey", ""), ("Huawei__SecretKey", ""),
    ];

    /// <summary>Settings of a node whose cloud is elsewhere.</summary>
    public static (string Name, string Value)[] WithCloudAt(Func<string, string> endpoint) =>
    [
        ("Huawei__Endpoints__Iam", endpoint("iam")), ("Huawei__Endpoints__Swr", endpoint("swr")), ("Huawei__Endpoints__CodeArtsRepo", endpoint("codearts")),
    ];

    /// <summary>Lets the polite waits pass: open breakers, throttling, backoff.</summary>
    public async Task HurryAsync()
    {
        foreach (var sql in Hurries)
        {
            await Database.OwnerAsync(sql);
        }
    }

    /// <summary>Lets the leases of calls under way end in a moment: for a node whose time-out was made long, and its leases with it.</summary>
    public Task LeaseEndsAsync() => Database.OwnerAsync(
        "update portal.request_item set lease_until = clock_timestamp() + interval '1 s', due_at = clock_timestamp() + interval '1 s' where state = 'Sending'");

    /// <summary>A number that SQL counts, as the owner of the schema.</summary>
    public Task<long> CountAsync(string sql, params object?[] arguments) => Database.ValueAsync<long>(sql, arguments);

    /// <summary>Returns when SQL gives true.</summary>
    public async Task WhenAsync(string what, string sql, params object?[] arguments)
    {
        for (var waiting = Stopwatch.StartNew(); !await Database.ValueAsync<bool>(sql, arguments);)
        {
            if (waiting.Elapsed > PortalNode.Patience)
            {
                throw new TimeoutException($"It did not come about that {what}. {Outputs()}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>What the nodes said last.</summary>
    public string Outputs() => string.Join("\n\n", nodes.Select((node, number) => $"node {number + 1}:\n{node.Output}"));

    /// <summary>Rows that SQL gives, as the owner of the schema.</summary>
    public Task<IReadOnlyList<object?[]>> RowsAsync(string sql, params object[] arguments) => Database.Owner.RowsAsync(sql, arguments);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        foreach (var worker in workers)
        {
            await worker.DisposeAsync();
        }

        await Desk.DisposeAsync();
        await Wire.DisposeAsync();
        await OwnCluster.DespiteOldConnectionsAsync(async () => await Database.DisposeAsync());
    }
}
