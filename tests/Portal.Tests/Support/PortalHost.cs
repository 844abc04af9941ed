using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Approvals;
using Portal.Audit;
using Portal.Database;
using Portal.Dispatch;
using Portal.Kinds;
using Portal.Live;
using Portal.Requests;

namespace Portal.Tests.Support;

/// <summary>
/// The portal's services as Program.cs puts them together, without pages and without a worker: a test moves the dispatcher itself.
/// Two of them on one database are two nodes.
/// </summary>
public sealed class PortalHost : IAsyncDisposable
{
    readonly IHost host;

    PortalHost(IHost host) => this.host = host;

    public RequestService Requests => Get<RequestService>();

    public RequestReader Reader => Get<RequestReader>();

    public ApprovalService Approvals => Get<ApprovalService>();

    public Dispatcher Dispatcher => Get<Dispatcher>();

    public Observer Observer => Get<Observer>();

    public FollowUpService FollowUps => Get<FollowUpService>();

    public OutcomeDesk OutcomeDesk => Get<OutcomeDesk>();

    public OutcomeService Outcomes => Get<OutcomeService>();

    public LaneService Lanes => Get<LaneService>();

    public KindList Kinds => Get<KindList>();

    public Changes Changes => Get<Changes>();

    /// <summary>Puts a node together. Settings are given as <c>("Huawei:TimeoutSeconds", "1")</c>.</summary>
    public static PortalHost On(TestDatabase database, SimulatorProcess cloud, params (string Name, string Value)[] settings) =>
        On(database, cloud.Endpoint, TimeProvider.System, settings);

    /// <summary>A node whose cloud is not there: every connection is refused.</summary>
    public static PortalHost WithoutCloud(TestDatabase database, params (string Name, string Value)[] settings) =>
        On(database, service => $"http://127.0.0.1:1/{service}/{{region}}", TimeProvider.System, settings);

    /// <summary>A node whose own clock is another one than the database's, and whose services are anywhere.</summary>
    public static PortalHost On(
        TestDatabase database, Func<string, string> endpoint, TimeProvider time, params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Testing", DisableDefaults = true });
        builder.Configuration.AddConfiguration(SettingsFor(database, endpoint));
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));
        builder.Logging.SetMinimumLevel(LogLevel.None);

        builder.Services.AddSingleton(time);
        builder.Services.AddPortal(builder.Configuration);
        return new PortalHost(builder.Build());
    }

    /// <summary>The settings of a node whose services are anywhere.</summary>
    public static IConfiguration SettingsFor(TestDatabase database, Func<string, string> endpoint) => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(Repository.Root, "appsettings.json"))
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = database.AppConnection,
            // Nobody else vouches for the people of tests.
            ["SignIn:Personas"] = "true",
            ["Huawei:AccessKey"] = SimulatorProcess.AccessKey,
            ["Huawei:SecretKey"] = SimulatorProcess.SecretKey,
            ["Huawei:Account"] = SimulatorProcess.Account,
            ["Huawei:User"] = SimulatorProcess.User,
            ["Huawei:Password"] = SimulatorProcess.Password,
            ["Huawei:Endpoints:Iam"] = endpoint("iam"),
            ["Huawei:Endpoints:Swr"] = endpoint("swr"),
            ["Huawei:Endpoints:CodeArtsRepo"] = endpoint("codearts"),
            ["Dispatch:Enabled"] = "false",
            // Tests do in a second what people do in a day.
            ["Limits:Enabled"] = "false",
        })
        .Build();

    public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

    /// <summary>Starts the change feed and, where <c>Dispatch:Enabled</c> is on, the worker.</summary>
    public Task StartAsync() => host.StartAsync();

    public PortalDb Open() => Get<IDbContextFactory<PortalDb>>().CreateDbContext();

    /// <summary>The request with its items as they are in the database now.</summary>
    public async Task<Request> RequestAsync(Guid id)
    {
        await using var db = Open();
        return await db.Requests.AsNoTracking().Include(request => request.Items).SingleAsync(request => request.Id == id);
    }

    /// <summary>The single item of a request as it is in the database now.</summary>
    public async Task<RequestItem> ItemAsync(Request request) => (await RequestAsync(request.Id)).Items.Single();

    /// <summary>All exchanges with the cloud for a request, oldest first.</summary>
    public async Task<IReadOnlyList<Attempt>> AttemptsAsync(Request request)
    {
        await using var db = Open();
        return await db.Attempts.AsNoTracking().Where(attempt => attempt.RequestId == request.Id).OrderBy(attempt => attempt.StartedAt).ToListAsync();
    }

    /// <summary>The exchanges that were meant to change something.</summary>
    public async Task<IReadOnlyList<Attempt>> SendsAsync(Request request) =>
        [.. (await AttemptsAsync(request)).Where(attempt => attempt.Purpose == AttemptPurpose.Send)];

    /// <summary>The rows of the trail about a request, in their order.</summary>
    public async Task<IReadOnlyList<AuditEvent>> TrailAsync(Request request)
    {
        await using var db = Open();
        return await db.Events.AsNoTracking().Where(row => row.RequestId == request.Id).OrderBy(row => row.Seq).ToListAsync();
    }

    /// <summary>The kinds of audit rows of a request, in their order; fails when the order has a hole or begins elsewhere than at 1.</summary>
    public async Task<string[]> AuditOf(Request request)
    {
        var rows = await TrailAsync(request);
        Assert.Equal(Enumerable.Range(1, rows.Count), rows.Select(row => row.Seq!.Value));
        return [.. rows.Select(row => row.Kind)];
    }

    /// <summary>What was audited outside any request, oldest first.</summary>
    public async Task<IReadOnlyList<AuditEvent>> AloneAsync()
    {
        await using var db = Open();
        return await db.Events.AsNoTracking().Where(row => row.RequestId == null).OrderBy(row => row.At).ToListAsync();
    }

    /// <summary>Sends what is due and looks at what is due, until nothing is. Fails when that never comes.</summary>
    public async Task WorkAsync()
    {
        var rounds = 0;
        while (await Dispatcher.DispatchNextAsync(CancellationToken.None) || await Observer.ObserveNextAsync(CancellationToken.None))
        {
            Assert.True(++rounds < 500, "Something is due again at once, without end.");
        }
    }

    /// <summary>Makes the call for the next login that was typed on this node, as its worker would. False when its turn did not come.</summary>
    public async Task<bool> DispatchGivenAsync() =>
        await Dispatcher.DispatchGivenAsync(await Get<GivenLogins>().Waiting.ReadAsync(CancellationToken.None), CancellationToken.None);

    /// <summary>Lets the waiting time of a request's items pass: their clock is the database's, so it is moved there.</summary>
    public async Task PassWaitAsync(Request request)
    {
        await using var db = Open();
        await db.Database.ExecuteSqlAsync(
            $"update portal.request_item set due_at = now() - interval '1 second' where request_id = {request.Id} and due_at is not null");
        await db.Database.ExecuteSqlAsync($"update portal.rate_budget set throttled_until = null, refilled_at = refilled_at - interval '1 minute'");
    }

    /// <summary>Lets the lease of a request's items pass, as if who held them had died.</summary>
    public async Task PassLeaseAsync(Request request)
    {
        await using var db = Open();
        await db.Database.ExecuteSqlAsync(
            $"""
            update portal.request_item set lease_until = now() - interval '1 second', due_at = now() - interval '1 second'
            where request_id = {request.Id} and lease_until is not null
            """);
    }

    /// <summary>Lets the time for proof of a request's items pass.</summary>
    public async Task PassDeadlineAsync(Request request)
    {
        await using var db = Open();
        await db.Database.ExecuteSqlAsync(
            $"update portal.request_item set deadline = now() - interval '1 second' where request_id = {request.Id} and deadline is not null");
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
