using System.Security.Claims;

namespace Portal.Access;

/// <summary>
/// Who does something: handed to every service method as an argument, so that a click and a background action are
/// checked and audited in the same way.
/// </summary>
/// <param name="Id">Stable key of the person (Entra ID: tenant and object id), or <c>system</c>.</param>
/// <param name="Name">The name people know them by; may change over time.</param>
/// <param name="Roles">Their roles now.</param>
/// <param name="Address">Network address of the browser, where one is known.</param>
/// <param name="Session">The sign-in that the person acts under; null for the portal itself.</param>
public sealed record Actor(string Id, string Name, IReadOnlyList<Role> Roles, string? Address = null, Guid? Session = null)
{
    /// <summary>Claim that holds <see cref="Id"/>.</summary>
    public const string IdClaim = "portal_id";

    /// <summary>Claim that holds <see cref="Session"/>.</summary>
    public const string SessionClaim = "portal_session";

    /// <summary>Claim that holds <see cref="Address"/>.</summary>
    public const string AddressClaim = "portal_address";

    /// <summary>The portal's own workers.</summary>
    public static Actor System { get; } = new("system", "Portal", [Role.System]);

    /// <summary>Somebody who is not signed in, known by their address at most.</summary>
    public static Actor Unknown(string? address) => new("unknown", "Not signed in", [], address);

    // By exact name: Enum.Parse would take numbers and lists for roles too. Nobody signs in as the portal itself.
    static readonly Dictionary<string, Role> GrantedRoles =
        Enum.GetValues<Role>().Where(role => role != Role.System).ToDictionary(role => role.ToString(), StringComparer.Ordinal);

    /// <summary>True when one of the actor's roles carries the permission.</summary>
    public bool May(Permission permission) => Permissions.Allow(Roles, permission);

    /// <summary>The roles with these names, each once, in their order; other names give nothing, nor does that of the portal itself.</summary>
    public static IReadOnlyList<Role> RolesNamed(IEnumerable<string> names) =>
        [.. names.Where(GrantedRoles.ContainsKey).Select(name => GrantedRoles[name]).Distinct().Order()];

    /// <summary>The actor behind a signed-in principal, or null when nobody is signed in.</summary>
    public static Actor? From(ClaimsPrincipal principal)
    {
        if (principal.Identity is not { IsAuthenticated: true } || principal.FindFirstValue(IdClaim) is not { } id)
        {
            return null;
        }

        return new Actor(id, principal.Identity.Name ?? id, RolesNamed(principal.FindAll(ClaimTypes.Role).Select(claim => claim.Value)), principal.FindFirstValue(AddressClaim),
            Guid.TryParse(principal.FindFirstValue(SessionClaim), out var session) ? session : null);
    }

    /// <summary>The principal that a sign-in cookie keeps for this actor; <see cref="From"/> reads it back.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        var claims = new List<Claim> { new(IdClaim, Id), new(ClaimTypes.Name, Name) };
        claims.AddRange(Roles.Select(role => new Claim(ClaimTypes.Role, role.ToString())));
        if (Session is not null)
        {
            claims.Add(new Claim(SessionClaim, Session.Value.ToString()));
        }

        if (Address is not null)
        {
            claims.Add(new Claim(AddressClaim, Address));
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
    }
}

/// <summary>Somebody asked for what their roles do not allow.</summary>
public sealed record NotAllowed(Permission Missing) : Refusal
{
    /// <inheritdoc />
    public override object[] Arguments => [Missing];
}
