using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Access;

namespace Portal.Huawei;

/// <summary>Registers the cloud client: settings checked at start, one HTTP client, the client itself and the lists for pickers.</summary>
public static class HuaweiFeature
{
    /// <summary>IAM tokens are thousands of characters in a header, documented up to 100,000.</summary>
    const int HeaderLimitInKilobytes = 256;

    public static IServiceCollection AddHuawei(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<HuaweiOptions>()
            .Bind(configuration.GetSection(HuaweiOptions.Section))
            .PostConfigure(options =>
            {
                if (options.Regions.Count == 0)
                    options.Regions.AddRange(Regions.WithImageSync);
            })
            .ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<HuaweiOptions>, HuaweiOptionsRules>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => new Egress(configuration));
        AddClient(services, CloudClient.WritingClient, handler =>
        {
            // A pooled connection may die unseen between two calls; the next call on it would then be an outcome nobody knows, or
            // one that the handler repeats by itself. Every exchange that is made exactly once therefore opens its own connection.
            handler.PooledConnectionLifetime = TimeSpan.Zero;
        });
        AddClient(services, CloudClient.ReadingClient, handler => handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2));
        services.AddSingleton<CredentialSource>().AddSingleton<CloudClient>();
        services.AddSingleton<CloudCatalogue>();
        return services;
    }

    static void AddClient(IServiceCollection services, string name, Action<SocketsHttpHandler> pool) => services.AddHttpClient(name)
        .ConfigureHttpClient(client =>
        {
            client.Timeout = Timeout.InfiniteTimeSpan; // Exchange has its own, over the whole exchange.
            client.DefaultRequestHeaders.UserAgent.ParseAdd("Portal");
        })
        // The framework's own request log would write addresses and, at trace level, header values.
        .RemoveAllLoggers()
        .UseSocketsHttpHandler((handler, provider) =>
        {
            // A proxy from the environment is for the world outside, not for a simulator on this machine.
            handler.UseProxy = !provider.GetRequiredService<IOptions<HuaweiOptions>>().Value.Endpoints.AreLoopback;
            handler.AllowAutoRedirect = false;
            handler.UseCookies = false;
            // Trace ids are the portal's own business: nothing of them goes to the cloud.
            handler.ActivityHeadersPropagator = null;
#pragma warning disable CA2262 // It is in kilobytes, and meant.
            handler.MaxResponseHeadersLength = HeaderLimitInKilobytes;
#pragma warning restore CA2262
            pool(handler);
            provider.GetRequiredService<Egress>().Restrict(handler, provider.GetRequiredService<IOptions<HuaweiOptions>>().Value.Endpoints.HasHost);
        });
}
