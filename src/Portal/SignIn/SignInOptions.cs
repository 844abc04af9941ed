using Portal.Access;

namespace Portal.SignIn;

/// <summary>Settings of the section <c>SignIn</c>: what the portal adds to the provider's own section <c>AzureAd</c>.</summary>
public sealed class SignInOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "SignIn";

    /// <summary>
    /// The address under which browsers reach the portal, such as <c>https://portal.example.com</c>: the redirect address that is registered at the
    /// provider is built from it, never from what a request says.
    /// </summary>
    public string PublicOrigin { get; init; } = "";

    /// <summary>Entra ID tenants (ids) whose people may come in; empty means that of <c>AzureAd:TenantId</c> only.</summary>
    public string[] AllowedTenants { get; init; } = [];

    /// <summary>Portal roles by the provider's app roles (claim <c>roles</c>): <c>{ "Portal.Approver": "Approver" }</c>.</summary>
    public Dictionary<string, Role> RolesByAppRole { get; init; } = [];

    /// <summary>Portal roles by the provider's groups (claim <c>groups</c>; Entra ID sends their object ids).</summary>
    public Dictionary<string, Role> RolesByGroup { get; init; } = [];

    /// <summary>Portal roles of everybody whom the provider lets in.</summary>
    public Role[] RolesOfEverybody { get; init; } = [];

    /// <summary>Hosts besides the provider's own on which it has its token endpoint or keys, such as <c>oauth2.googleapis.com</c>; no others are called.</summary>
    public string[] ProviderHosts { get; init; } = [];

    /// <summary>Where the provider sends the browser, in a frame, when the person signs out there (OpenID Connect Front-Channel Logout 1.0).</summary>
    public string FrontChannelLogoutPath { get; init; } = "/signout-frontchannel";

    /// <summary>Where the provider itself says that a person signed out (OpenID Connect Back-Channel Logout 1.0).</summary>
    public string BackChannelLogoutPath { get; init; } = "/signout-backchannel";

    /// <summary>The portal's roles for what the provider says. Nobody is made the portal itself.</summary>
    public IReadOnlyList<Role> RolesOf(IEnumerable<string> appRoles, IEnumerable<string> groups) =>
    [
        .. RolesOfEverybody
            .Concat(appRoles.Where(RolesByAppRole.ContainsKey).Select(name => RolesByAppRole[name]))
            .Concat(groups.Where(RolesByGroup.ContainsKey).Select(name => RolesByGroup[name]))
            .Where(role => role != Role.System).Distinct().Order(),
    ];
}
