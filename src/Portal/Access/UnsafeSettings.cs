namespace Portal.Access;

/// <summary>
/// Settings that are for trying the portal on one's own machine. Outside Development the portal refuses to start with them, and says which one it is.
/// </summary>
public static class UnsafeSettings
{
    /// <summary>Access key of the simulated cloud, which everybody knows.</summary>
    const string SimulatorAccessKey = "SIMULATORACCESSKEY01";

    const string Endpoints = "Huawei:Endpoints";

    /// <summary>Throws, naming the setting and what to do, when one of them is on where real people work.</summary>
    public static void Guard(IConfiguration configuration, IHostEnvironment environment)
    {
        Personas.Guard(configuration, environment);
        if (!environment.IsDevelopment() && Found(configuration) is { } found)
        {
            throw new RefusedSettingException($"{found} This is for trying things out only, and the environment is '{environment.EnvironmentName}'.");
        }
    }

    static string? Found(IConfiguration configuration)
    {
        if (configuration.GetValue<bool>(WebHostDefaults.DetailedErrorsKey))
        {
            return $"{WebHostDefaults.DetailedErrorsKey} is on: pages would show what went wrong inside. Set ASPNETCORE_DETAILEDERRORS=false.";
        }

        if (!configuration.GetValue(RateLimits.Switch, true))
        {
            return $"{RateLimits.Switch} is off: anybody who may sign in could keep the portal busy alone. Set Limits__Enabled=true.";
        }

        if (configuration["Huawei:AccessKey"] == SimulatorAccessKey)
        {
            return "Huawei:AccessKey is that of the simulated cloud. Give the portal an access key of its own (Huawei__AccessKey, Huawei__SecretKey).";
        }

        var open = configuration.GetSection(Endpoints).GetChildren()
            .FirstOrDefault(endpoint => endpoint.Value is { } url && !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase));
        return open is null ? null : $"{Endpoints}:{open.Key} is '{open.Value}': credentials would travel unencrypted. Use an address that begins with https://.";
    }
}
