namespace Portal.Requests;

/// <summary>Settings of the section <c>Requests</c>.</summary>
public sealed class RequestsOptions
{
    /// <summary>Whether a mirror sync may carry a user name and password. Off: a service endpoint kept in CodeArts is the only way.</summary>
    public bool AllowMirrorPasswords { get; init; }
}

/// <summary>Asking, following and withdrawing.</summary>
public static class RequestsFeature
{
    /// <summary>Adds the services of requests.</summary>
    public static IServiceCollection AddRequests(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RequestsOptions>().Bind(configuration.GetSection("Requests")).ValidateOnStart();
        return services.AddSingleton<LoginSeal>().AddSingleton<RequestService>().AddSingleton<RequestReader>();
    }
}
