using Portal.Access;

namespace Portal.Audit;

/// <summary>The trail of what happened.</summary>
public static class AuditFeature
{
    /// <summary>Adds the writer and the reader of the trail.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services) =>
        services.AddSingleton<AuditTrail>().AddSingleton<RateLimits>().AddSingleton<RateGate>().AddSingleton<AuditService>();
}
