using System.ComponentModel.DataAnnotations;

namespace Portal.Requests;

/// <summary>Settings of the section <c>Requests</c>.</summary>
public sealed class RequestsOptions
{
    /// <summary>Whether a mirror sync may carry a user name and password. Off: a service endpoint kept in CodeArts is the only way.</summary>
    public bool AllowMirrorPasswords { get; init; }

    /// <summary>How long after an approval its calls may be sent, and sent again, in hours.</summary>
    [Range(0.01, 24 * 30, ErrorMessage = "Requests:ApprovalValidHours must be between 0.01 and 720.")]
    public double ApprovalValidHours { get; init; } = 24;

    /// <summary><see cref="ApprovalValidHours"/> as a time.</summary>
    public TimeSpan ApprovalValid => TimeSpan.FromHours(ApprovalValidHours);
}

/// <summary>Asking, following and withdrawing.</summary>
public static class RequestsFeature
{
    /// <summary>Adds the services of requests.</summary>
    public static IServiceCollection AddRequests(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RequestsOptions>().Bind(configuration.GetSection("Requests")).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<LoginSeal>().AddSingleton<RequestService>().AddSingleton<RequestReader>().AddSingleton<FollowUpService>();
    }
}
