using Portal.Access;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>
/// Settings of the section <c>AzureAd</c>, as Microsoft.Identity.Web reads it: the identity provider in front of the portal. Either
/// <see cref="Instance"/> and <see cref="TenantId"/> (Entra ID) or <see cref="Authority"/> (any other provider).
/// </summary>
public sealed class ProviderOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "AzureAd";

    /// <summary>Tenant ids that stand for many tenants, of which <see cref="SignInOptions.AllowedTenants"/> must then name those that may come in.</summary>
    static readonly string[] ManyTenants = ["common", "organizations"];

    /// <summary>Entra ID's address, such as <c>https://login.microsoftonline.com/</c>; national clouds have others.</summary>
    public string Instance { get; set; } = "";

    /// <summary>The tenant's id or domain, or <c>organizations</c>.</summary>
    public string TenantId { get; set; } = "";

    /// <summary>The issuer's address of a provider that is not Entra ID.</summary>
    public string Authority { get; set; } = "";

    /// <summary>The portal's own id at the provider.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The portal's own secret at the provider; from the environment or a mounted file, never from the file of settings.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Where the provider sends the browser back to. Together with <see cref="SignInOptions.PublicOrigin"/> it is registered there.</summary>
    public string CallbackPath { get; set; } = "/signin-oidc";

    /// <summary>Where the provider sends the browser after a sign-out; registered there too.</summary>
    public string SignedOutCallbackPath { get; set; } = "/signout-callback-oidc";

    /// <summary>Only <c>code</c> is taken: tokens never come through the browser.</summary>
    public string ResponseType { get; set; } = "code";

    /// <summary>How long one answer of the provider may take, in seconds.</summary>
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>False while the section is empty: nobody can sign in through a provider then.</summary>
    public bool IsConfigured => ClientId.Length > 0 || Authority.Length > 0 || TenantId.Length > 0;

    /// <summary>True for Entra ID, whose tokens must name a tenant and an object id.</summary>
    public bool IsEntra => Authority.Length == 0;

    /// <summary>True when the provider's metadata speak for many tenants.</summary>
    public bool IsForManyTenants => IsEntra && ManyTenants.Contains(TenantId, StringComparer.OrdinalIgnoreCase);

    /// <summary>The address that the metadata are found under, without a slash at the end.</summary>
    public string Issuer => IsEntra ? $"{Instance.TrimEnd('/')}/{TenantId}/v2.0" : Authority.TrimEnd('/');

    /// <summary>Every issuer that its tokens may name: one, or one for each tenant that may come in where the provider speaks for several.</summary>
    public IReadOnlyList<string> Issuers(SignInOptions signIn) => !IsEntra || Guid.TryParse(TenantId, out _)
        ? [Issuer]
        : [.. signIn.AllowedTenants.Select(tenant => $"{Instance.TrimEnd('/')}/{tenant}/v2.0")];

    /// <summary>Where the metadata are (OpenID Connect Discovery 1.0, section 4).</summary>
    public string MetadataAddress => $"{Issuer}/.well-known/openid-configuration";

    /// <summary>Scheme and host of the provider, to which a sign-out leads the browser.</summary>
    public string? Origin => Uri.TryCreate(Issuer, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null;

    /// <summary>True for a provider on this machine, which may do without encryption in Development.</summary>
    public bool IsLoopback => ListenAddresses.IsLoopback(Issuer);

    /// <summary>Names the provider, never the secret.</summary>
    public override string ToString() => $"{Issuer} as {ClientId}";
}
