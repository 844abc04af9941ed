using Microsoft.Extensions.Options;
using Portal.Access;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>Refuses to start with a provider that is half configured or not safe; each message names the setting and what to do.</summary>
public sealed class ProviderRules(IOptions<SignInOptions> signIn, IHostEnvironment environment) : IValidateOptions<ProviderOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, ProviderOptions options)
    {
        var wrong = options.IsConfigured ? Wrong(options, signIn.Value, environment.IsDevelopment()).ToList() : [];
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    /// <summary>Everything that is wrong. Pure.</summary>
    public static IEnumerable<string> Wrong(ProviderOptions provider, SignInOptions signIn, bool development)
    {
        var entra = provider.Instance.Length > 0 || provider.TenantId.Length > 0;
        if (entra == provider.Authority.Length > 0)
        {
            yield return "AzureAd needs either Instance and TenantId (Entra ID) or Authority (another provider), not both and not neither.";
            yield break;
        }

        if (entra && (provider.Instance.Length == 0 || !IsTenant(provider.TenantId)))
        {
            yield return "AzureAd:Instance must be an address and AzureAd:TenantId the tenant's id, its domain, or 'organizations'.";
        }

        if (!IsSafe(entra ? provider.Instance : provider.Authority, development))
        {
            yield return $"AzureAd:{(entra ? "Instance" : "Authority")} must be an address that begins with https:// and has no user, query or fragment.";
        }

        if (provider.ClientId.Length == 0 || provider.ClientSecret.Length == 0)
        {
            yield return "AzureAd:ClientId and AzureAd:ClientSecret must be set; give the secret through the environment (AzureAd__ClientSecret).";
        }

        if (provider.ResponseType != "code")
        {
            yield return $"AzureAd:ResponseType is '{provider.ResponseType}'; only 'code' keeps tokens out of the browser.";
        }

        if (!IsSafe(signIn.PublicOrigin, development) || new Uri(signIn.PublicOrigin).PathAndQuery != "/")
        {
            yield return "SignIn:PublicOrigin must be the address under which browsers reach the portal, such as https://portal.example.com, without a path.";
        }

        if (entra && !Guid.TryParse(provider.TenantId, out _) && signIn.AllowedTenants.Length == 0)
        {
            yield return $"AzureAd:TenantId is '{provider.TenantId}', which may stand for any tenant: list the ids of those that may come in in SignIn:AllowedTenants.";
        }

        foreach (var tenant in signIn.AllowedTenants.Where(tenant => !Guid.TryParse(tenant, out _)))
        {
            yield return $"SignIn:AllowedTenants holds '{tenant}', which is not a tenant's id.";
        }

        string[] paths = [provider.CallbackPath, provider.SignedOutCallbackPath, signIn.FrontChannelLogoutPath, signIn.BackChannelLogoutPath];
        if (paths.Any(path => !LocalUrl.IsLocal(path) || path.Length < 2 || path.Contains('?')) || paths.Distinct(StringComparer.OrdinalIgnoreCase).Count() < paths.Length)
        {
            yield return "AzureAd:CallbackPath, AzureAd:SignedOutCallbackPath, SignIn:FrontChannelLogoutPath and SignIn:BackChannelLogoutPath must be four different paths.";
        }
    }

    static bool IsTenant(string tenant) => tenant.Length > 0 && tenant.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.');

    static bool IsSafe(string address, bool development) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (development && uri.Scheme == Uri.UriSchemeHttp && ListenAddresses.IsLoopback(address)));
}
