using Portal.Approvals;
using Portal.Audit;
using Portal.Database;
using Portal.Dispatch;
using Portal.Health;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Live;
using Portal.People;
using Portal.Requests;
using Portal.SignIn;
using Portal.Telemetry;

namespace Portal;

/// <summary>Everything of the portal that is not about pages and cookies: what a node is, with or without a browser in front of it.</summary>
public static class PortalServices
{
    /// <summary>Adds the services, in the order in which they build on one another.</summary>
    public static IServiceCollection AddPortal(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddTelemetryState();
        services.AddLive();
        services.AddDatabase(configuration);
        services.AddAudit();
        services.AddSessions(configuration);
        services.AddPeople();
        services.AddHuawei(configuration);
        services.AddHealth();
        services.AddKinds();
        services.AddRequests(configuration);
        services.AddApprovals();
        return services.AddDispatch(configuration);
    }
}
