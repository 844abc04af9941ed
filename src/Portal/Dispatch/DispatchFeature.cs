using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Portal.Huawei;

namespace Portal.Dispatch;

/// <summary>Settings of the section <c>Dispatch</c>.</summary>
public sealed class DispatchOptions
{
    /// <summary>Whether this node calls the cloud; off on nodes that only show pages.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How many calls this node makes at the same time.</summary>
    [Range(1, 256, ErrorMessage = "Dispatch:Concurrency must be between 1 and 256.")]
    public int Concurrency { get; init; } = 16;

    /// <summary>How often to look for due items when nothing announces one, in seconds.</summary>
    [Range(0.1, 60, ErrorMessage = "Dispatch:PollSeconds must be between 0.1 and 60.")]
    public double PollSeconds { get; init; } = 1;

    /// <summary>How far apart two looks must have found nothing before an unknown call is sent again, in seconds.</summary>
    [Range(1, 3600, ErrorMessage = "Dispatch:ResendAfterSeconds must be between 1 and 3600.")]
    public double ResendAfterSeconds { get; init; } = 30;

    /// <summary>Calls per second and region of each operation, shared by all nodes; <c>Default</c> for those that are not named.</summary>
    public Dictionary<string, Rate> Rates { get; init; } = new(StringComparer.Ordinal);
}

/// <summary>A rate budget: so many calls per second in the long run, so many at once after a pause.</summary>
public sealed record Rate(double PerSecond, double Burst)
{
    /// <summary>Names the setting and what is wrong with it; null when it can be used.</summary>
    public static string? ProblemOf(string operation, Rate rate) =>
        rate is { PerSecond: > 0 and <= 100_000, Burst: >= 1 and <= 100_000 }
            ? null
            : $"Dispatch:Rates:{operation} must have a PerSecond above 0 and a Burst of at least 1, each up to 100000.";
}

/// <summary>The rate budgets by operation.</summary>
public sealed class DispatchRates(IOptions<DispatchOptions> options)
{
    // Huawei publishes no limits for these calls; the gateway's own default is 200 per second for everybody together.
    static readonly Rate Cautious = new(10, 20);

    /// <summary>The budget of one operation in each lane.</summary>
    public Rate For(string operation) =>
        options.Value.Rates.GetValueOrDefault(operation) ?? options.Value.Rates.GetValueOrDefault("Default") ?? Cautious;
}

/// <summary>Carrying out what was approved.</summary>
public static class DispatchFeature
{
    /// <summary>Adds the dispatcher, the observer and the worker that runs them.</summary>
    public static IServiceCollection AddDispatch(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DispatchOptions>().Bind(configuration.GetSection("Dispatch")).ValidateDataAnnotations()
            .Validate(options => options.Rates.All(rate => Rate.ProblemOf(rate.Key, rate.Value) is null), "Dispatch:Rates: each needs a PerSecond above 0 and a Burst of at least 1.")
            .ValidateOnStart();
        services.AddSingleton(provider => new Lease(2 * provider.GetRequiredService<CloudClient>().LongestSend));
        services.AddSingleton<DispatchRates>().AddSingleton<Checkpoints>();
        services.AddSingleton<ItemClaims>().AddSingleton<CloudLook>().AddSingleton<Intents>().AddSingleton<Recorder>();
        services.AddSingleton<Dispatcher>().AddSingleton<Observer>().AddSingleton<LaneProbe>().AddSingleton<ApprovalExpiry>();
        services.AddSingleton<LaneService>().AddSingleton<OutcomeDesk>().AddSingleton<OutcomeService>();
        services.AddHostedService<DispatchWorker>().AddHostedService<ObserveWorker>().AddHostedService<HouseWorker>().AddHostedService<GivenLoginWorker>();

        // Calls that are under way when the node is told to stop get the time to be answered and recorded.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(45));
        return services;
    }
}

/// <summary>
/// How long a claim holds: twice the longest time a call can take, so that a call that is still under way is never taken for a dead one.
/// </summary>
public sealed record Lease(TimeSpan Length);
