using System.ComponentModel.DataAnnotations;
using Portal.Huawei;

namespace Portal.Dispatch;

/// <summary>Settings of the section <c>Dispatch</c>.</summary>
public sealed class DispatchOptions
{
    /// <summary>Whether this node calls the cloud; off on nodes that only show pages.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How many calls this node makes at the same time.</summary>
    [Range(1, 64, ErrorMessage = "Dispatch:Concurrency must be between 1 and 64.")]
    public int Concurrency { get; init; } = 4;

    /// <summary>How often to look for due items when nothing announces one, in seconds.</summary>
    [Range(0.1, 60, ErrorMessage = "Dispatch:PollSeconds must be between 0.1 and 60.")]
    public double PollSeconds { get; init; } = 1;
}

/// <summary>Carrying out what was approved.</summary>
public static class DispatchFeature
{
    /// <summary>Adds the dispatcher, the observer and the worker that runs them.</summary>
    public static IServiceCollection AddDispatch(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DispatchOptions>().Bind(configuration.GetSection("Dispatch")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new Lease(2 * provider.GetRequiredService<CloudClient>().LongestSend));
        services.AddSingleton<ItemClaims>().AddSingleton<CloudLook>().AddSingleton<Dispatcher>().AddSingleton<Observer>();
        services.AddHostedService<DispatchWorker>();

        // Calls that are under way when the node is told to stop get the time to be answered and recorded.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(45));
        return services;
    }
}

/// <summary>
/// How long a claim holds: twice the longest time a call can take, so that a call that is still under way is never taken for a dead one.
/// </summary>
public sealed record Lease(TimeSpan Length);
