using CloudSimulator.Gateway;

namespace CloudSimulator.Swr;

/// <summary>SWR, shared edition, <c>/v2/manage</c> (huawei-api section 1).</summary>
static class SwrEndpoints
{
    public static void AddSwr(this IServiceCollection services) =>
        services.AddSingleton<SwrErrorSwitches>().AddSingleton<Registry>();

    public static void MapSwr(this WebApplication app)
    {
        var manage = app.MapGroup("/swr/{region}/v2/manage");
        CredentialCheck.Guard(manage, CloudService.Swr);
        manage.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            return NameError(context) is { } error
                ? context.RequestServices.GetRequiredService<SwrErrorSwitches>().Answer(error)
                : await next(invocation);
        });
        ListingEndpoints.Map(manage);
        SyncRuleEndpoints.Map(manage.MapGroup("/namespaces/{ns}/repos/{repo}"));
        SyncJobEndpoints.Map(manage.MapGroup("/namespaces/{ns}/repos/{repo}"));
    }

    static SwrError? NameError(HttpContext context)
    {
        if (context.GetRouteValue("ns") is string ns && !SwrNames.IsNamespace(ns))
            return SwrError.NamespaceInvalid;
        return context.GetRouteValue("repo") is string repo && !SwrNames.IsRepository(SwrNames.FromPath(repo)) ? SwrError.RepositoryInvalid : null;
    }
}
