namespace Portal.Live;

/// <summary>Open pages that follow the database.</summary>
public static class LiveFeature
{
    /// <summary>Adds the listener and the fan-out.</summary>
    public static IServiceCollection AddLive(this IServiceCollection services) =>
        services.AddSingleton<Changes>().AddHostedService<ChangeFeed>();
}
