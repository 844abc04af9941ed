namespace CloudSimulator.Faults;

static class FaultRegistration
{
    public static void AddFaults(this IServiceCollection services) => services.AddSingleton<FaultBook>();
}
