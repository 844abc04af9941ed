using System.Globalization;
using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Portal.Access;
using Portal.Database;

namespace Portal.SignIn;

/// <summary>
/// Who a provider says somebody is: the one place that reads claims. It knows the short names of OpenID Connect and the long ones that
/// Microsoft.Identity.Web makes of them, so that either may stand in front of the portal.
/// </summary>
/// <param name="PersonId">
/// What never changes and is never given to somebody else: tenant and object id for Entra ID, issuer and subject for others. Never an e-mail address or a name.
/// </param>
/// <param name="Name">The name people know them by.</param>
/// <param name="Roles">What they are by the provider's app roles and groups.</param>
/// <param name="LacksGroups">True when the provider left the groups out because there are too many (Entra ID: above 200), so that roles by group are not known.</param>
public sealed record Identity(string PersonId, string Name, IReadOnlyList<Role> Roles, bool LacksGroups = false)
{
    const string LongTenant = "http://schemas.microsoft.com/identity/claims/tenantid";
    const int LongestName = 100;
    const string LongObject = "http://schemas.microsoft.com/identity/claims/objectidentifier";

    /// <summary>Claims that are read, and so the only ones that are kept of an ID token.</summary>
    public static readonly string[] Claims =
    [
        JwtRegisteredClaimNames.Iss, JwtRegisteredClaimNames.Sub, JwtRegisteredClaimNames.Sid, JwtRegisteredClaimNames.AuthTime, JwtRegisteredClaimNames.Name,
        "tid", "oid", "preferred_username", "roles", "groups", "hasgroups", "_claim_names",
    ];

    /// <summary>The provider (<c>iss</c>); null for personas.</summary>
    public string? Issuer { get; init; }

    /// <summary>The person's name at the provider (<c>sub</c>).</summary>
    public string? Subject { get; init; }

    /// <summary>The provider's session (<c>sid</c>).</summary>
    public string? ProviderSession { get; init; }

    /// <summary>When they proved who they are (<c>auth_time</c>).</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>Reads a principal; null when it does not say who it is.</summary>
    public static Identity? From(ClaimsPrincipal principal, SignInOptions options)
    {
        if (Actor.From(principal) is { } persona)
        {
            return new Identity(persona.Id, persona.Name, persona.Roles);
        }

        var subject = First(principal, JwtRegisteredClaimNames.Sub, ClaimTypes.NameIdentifier);
        var issuer = First(principal, JwtRegisteredClaimNames.Iss) ?? principal.FindFirst(JwtRegisteredClaimNames.Sub)?.Issuer ?? principal.FindFirst(ClaimTypes.NameIdentifier)?.Issuer;
        if (subject is null || issuer is null)
        {
            return null;
        }

        var (tenant, member) = (First(principal, "tid", LongTenant), First(principal, "oid", LongObject));
        return new Identity(
            tenant is not null && member is not null ? $"{tenant}/{member}" : $"{issuer}#{subject}",
            Shown(First(principal, JwtRegisteredClaimNames.Name, "preferred_username", ClaimTypes.Name, ClaimTypes.Upn) ?? subject),
            options.RolesOf(All(principal, "roles", ClaimTypes.Role), All(principal, "groups")),
            LeavesGroupsOut(principal))
        {
            Issuer = issuer,
            Subject = subject,
            ProviderSession = First(principal, JwtRegisteredClaimNames.Sid),
            AuthenticatedAt = long.TryParse(First(principal, JwtRegisteredClaimNames.AuthTime), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
        };
    }

    // People choose their names: none may turn the text around it, or fill a page.
    static string Shown(string name)
    {
        var plain = new string([.. name.Where(letter => char.GetUnicodeCategory(letter) is not (UnicodeCategory.Control or UnicodeCategory.Format))]);
        return plain.Length <= LongestName ? plain : new StringInfo(plain).SubstringByTextElements(0, Math.Min(LongestName, new StringInfo(plain).LengthInTextElements));
    }

    // https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference: above 200 groups only a hint where to ask is left, which nobody follows.
    static bool LeavesGroupsOut(ClaimsPrincipal principal) =>
        First(principal, "hasgroups") is "true" or "True" or "1" || First(principal, "_claim_names")?.Contains("groups", StringComparison.Ordinal) == true;

    static string? First(ClaimsPrincipal principal, params string[] names) =>
        names.Select(principal.FindFirst).FirstOrDefault(claim => !string.IsNullOrWhiteSpace(claim?.Value) && StoredText.CanBe(claim.Value))?.Value;

    static IEnumerable<string> All(ClaimsPrincipal principal, params string[] names) => names.SelectMany(principal.FindAll).Select(claim => claim.Value);
}
