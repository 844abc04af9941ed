using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>
/// What the portal must still know when the provider sends the browser back. It travels as the <c>state</c> parameter, sealed, so that any node
/// can go on; nobody can read, change or make one.
/// </summary>
public sealed class SignInState(AuthenticationProperties properties)
{
    /// <summary>How long somebody may take at the provider.</summary>
    public static readonly TimeSpan Valid = TimeSpan.FromMinutes(15);

    /// <summary>As it is handed to the framework, which adds the name of the correlation cookie.</summary>
    public AuthenticationProperties Properties => properties;

    /// <summary>Where the person wanted to go; a path of this site.</summary>
    public string ReturnUrl => properties.RedirectUri ?? "/";

    /// <summary>256 bits: a state is taken once.</summary>
    public string Id => properties.Items["id"]!;

    /// <summary>256 bits, to be found in the ID token.</summary>
    public string Nonce => properties.Items["nonce"]!;

    /// <summary>256 bits, of which the provider got the SHA-256 (RFC 7636).</summary>
    public string Verifier => properties.Items["verifier"]!;

    /// <summary>The issuer that the sign-in began with.</summary>
    public string Issuer => properties.Items["issuer"]!;

    /// <summary>The redirect address that the provider got.</summary>
    public string RedirectUri => properties.Items["redirect_uri"]!;

    /// <summary>When the browser left for the provider.</summary>
    public DateTimeOffset Began => DateTimeOffset.Parse(properties.Items["began"]!, CultureInfo.InvariantCulture);

    /// <summary>How long ago the person may have proved who they are; null when that does not matter.</summary>
    public TimeSpan? MaxAge => properties.Items.TryGetValue("max_age", out var seconds) ? TimeSpan.FromSeconds(int.Parse(seconds!, CultureInfo.InvariantCulture)) : null;

    /// <summary>A new one with secrets of its own.</summary>
    public static SignInState Begin(string returnUrl, string issuer, string redirectUri, TimeSpan? maxAge, Guid? replaces, DateTimeOffset now)
    {
        var items = new Dictionary<string, string?>
        {
            ["id"] = Random(),
            ["nonce"] = Random(),
            ["verifier"] = Random(),
            ["issuer"] = issuer,
            ["redirect_uri"] = redirectUri,
            ["began"] = now.ToString("O", CultureInfo.InvariantCulture),
        };
        if (maxAge is { } age)
        {
            items["max_age"] = ((int)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (replaces is { } session)
        {
            items[SessionCookie.ReplacesName] = session.ToString();
        }

        return new SignInState(new AuthenticationProperties(items) { RedirectUri = returnUrl });
    }

    static string Random() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
}

/// <summary>Seals and opens <see cref="SignInState"/> with the keys that all nodes share.</summary>
public sealed class StateSeal(IDataProtectionProvider protection)
{
    readonly PropertiesDataFormat format = new(protection.CreateProtector("openid-connect-state", "v1"));

    /// <summary>The value of the <c>state</c> parameter.</summary>
    public string Seal(SignInState state) => format.Protect(state.Properties);

    /// <summary>The state, or null when the portal did not seal it.</summary>
    public SignInState? Open(string value) => format.Unprotect(value) is { } properties && properties.Items.ContainsKey("verifier") ? new SignInState(properties) : null;
}
