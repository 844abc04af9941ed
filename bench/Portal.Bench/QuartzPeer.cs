using System.Diagnostics;
using Npgsql;
using Quartz;

namespace Portal.Bench;

/// <summary>The same call as jobs of Quartz.NET on its clustered PostgreSQL store, on the same server: what a ready-made queue would give.</summary>
sealed class QuartzPeer : IAsyncDisposable
{
    const int WarmUp = 1500;

    static int ran;

    readonly Bench bench;
    readonly IScheduler scheduler;
    int turn;

    QuartzPeer(Bench bench, IScheduler scheduler) => (this.bench, this.scheduler) = (bench, scheduler);

    /// <summary>A scheduler that has run as long as it takes until its code is compiled.</summary>
    public static async Task<QuartzPeer> StartAsync(Bench bench)
    {
        Call.Address = bench.Cloud.Address;
        var peer = new QuartzPeer(bench, await QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.UseDefaultThreadPool(32);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(NpgsqlFactory.Instance, bench.Superuser);
                store.UseSystemTextJsonSerializer();
                store.ProvisionSchema();
                store.UseClustering(_ => { });
            });
        }).BuildScheduler());
        await peer.RunAsync(WarmUp);
        return peer;
    }

    /// <summary>Jobs per second that were scheduled before and are due.</summary>
    public async Task<double> RunAsync(int count)
    {
        await scheduler.Standby();
        turn++;
        ran = 0;
        for (var number = 0; number < count; number++)
        {
            var name = $"{turn}-{number}";
            await scheduler.ScheduleJob(
                JobBuilder.Create<Call>().WithIdentity(name).UsingJobData("path", "/swr/cn-north-4/quartz/" + name).Build(),
                TriggerBuilder.Create().WithIdentity(name).StartNow().Build());
        }

        await bench.ExecuteAsync("analyze; checkpoint");
        var start = Stopwatch.GetTimestamp();
        await scheduler.Start();
        while (Volatile.Read(ref ran) < count && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(2))
        {
            await Task.Delay(20);
        }

        var took = Stopwatch.GetElapsedTime(start);
        await scheduler.Standby();
        return Volatile.Read(ref ran) / took.TotalSeconds;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await scheduler.Shutdown(waitForJobsToComplete: true);

    /// <summary>One job: one POST.</summary>
    public sealed class Call : IJob
    {
        static readonly HttpClient Client = new();

        public static string Address { get; set; } = "";

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            using var body = new StringContent("{}");
            using var answer = await Client.PostAsync(new Uri(Address + context.MergedJobDataMap.GetString("path")), body, cancellationToken);
            Interlocked.Increment(ref ran);
        }
    }
}
