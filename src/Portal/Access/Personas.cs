namespace Portal.Access;

/// <summary>
/// Five made-up people to try the portal with. They exist in Development on a loopback address only; anywhere else the
/// portal refuses to start with them.
/// </summary>
public static class Personas
{
    const string Prefix = "persona:";

    /// <summary>Setting that offers the personas at sign-in.</summary>
    public const string Setting = "SignIn:Personas";

    /// <summary>The personas in the order of the sign-in page. The name of the button is the last part of the id.</summary>
    public static IReadOnlyList<Actor> All { get; } =
    [
        new("persona:Developer", "Dana Developer", [Role.Requester]),
        new("persona:Approver", "Ari Approver", [Role.Requester, Role.Approver]),
        new("persona:Operator", "Olu Operator", [Role.Operator]),
        new("persona:Auditor", "Aud Auditor", [Role.Auditor]),
        new("persona:Administrator", "Ada Administrator", [Role.Administrator]),
    ];

    /// <summary>The stable button name of a persona, such as <c>Developer</c>.</summary>
    public static string ButtonOf(Actor persona) => persona.Id[Prefix.Length..];

    /// <summary>True for the id of a persona, also of an earlier time; no identity provider vouches for those.</summary>
    public static bool Is(string id) => id.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Throws, naming the setting, when personas are on where real people could reach them.</summary>
    public static void Guard(IConfiguration configuration, IHostEnvironment environment)
    {
        if (!configuration.GetValue<bool>(Setting))
        {
            return;
        }

        if (!environment.IsDevelopment())
        {
            throw new RefusedSettingException(
                $"{Setting} is on in the environment '{environment.EnvironmentName}'. Personas sign in without a password: set SignIn__Personas=false, "
                + "or ASPNETCORE_ENVIRONMENT=Development to try the portal on this machine.");
        }

        foreach (var address in ListenAddresses.Of(configuration).Where(address => !ListenAddresses.IsLoopback(address)))
        {
            throw new RefusedSettingException(
                $"{Setting} is on and the portal would listen on '{address}'. Personas sign in without a password: listen on http://127.0.0.1 only "
                + "(ASPNETCORE_URLS), or set SignIn__Personas=false.");
        }
    }
}
