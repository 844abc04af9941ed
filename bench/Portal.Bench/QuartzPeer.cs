using System.Diagnostics;
using Npgsql;
using Quartz;

namespace Portal.Bench;

/// <summary>The same call as jobs of Quartz.NET on its clustered PostgreSQL store, on the same server: what a ready-made queue would give.</summary>
static class QuartzPeer
{
    const int WarmUp = 1500;
    const int Count = 1500;

    static int ran;

    public static async Task<double> RunAsync(Bench bench)
    {
        Call.Address = bench.Cloud.Address;
        var scheduler = await QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.UseDefaultThreadPool(32);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(NpgsqlFactory.Instance, bench.Superuser);
                store.UseSystemTextJsonSerializer();
                store.ProvisionSchema();
                store.UseClustering(_ => { });
            });
        }).BuildScheduler();

        await RunAsync(bench, scheduler, "warm", WarmUp);
        var rate = await RunAsync(bench, scheduler, "run", Count);
        await scheduler.Shutdown(waitForJobsToComplete: true);
        return rate;
    }

    /// <summary>Jobs per second that were scheduled before and are due.</summary>
    static async Task<double> RunAsync(Bench bench, IScheduler scheduler, string group, int count)
    {
        await scheduler.Standby();
        ran = 0;
        var start = Stopwatch.GetTimestamp();
        for (var number = 0; number < count; number++)
        {
            var name = $"{group}{number}";
            await scheduler.ScheduleJob(
                JobBuilder.Create<Call>().WithIdentity(name).UsingJobData("path", "/swr/cn-north-4/quartz/" + name).Build(),
                TriggerBuilder.Create().WithIdentity(name).StartNow().Build());
        }

        Console.WriteLine($"  Quartz.NET scheduled {count / Stopwatch.GetElapsedTime(start).TotalSeconds:0} jobs/s");
        await bench.ExecuteAsync("analyze; checkpoint");
        start = Stopwatch.GetTimestamp();
        await scheduler.Start();
        while (Volatile.Read(ref ran) < count && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(2))
        {
            await Task.Delay(20);
        }

        return Volatile.Read(ref ran) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

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
