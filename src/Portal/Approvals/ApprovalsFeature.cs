namespace Portal.Approvals;

/// <summary>Deciding on requests.</summary>
public static class ApprovalsFeature
{
    /// <summary>Adds the services of approvals.</summary>
    public static IServiceCollection AddApprovals(this IServiceCollection services) => services.AddSingleton<ApprovalService>();
}
