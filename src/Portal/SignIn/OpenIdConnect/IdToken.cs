using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Portal.Database;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>What is asked of an ID token beyond its signature (OpenID Connect Core 1.0, 3.1.3.7). Pure: the time is an argument.</summary>
public static class IdToken
{
    /// <summary>How far the provider's clock may be from ours.</summary>
    static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    /// <summary>A token from the token endpoint was made just now.</summary>
    static readonly TimeSpan LongestAge = TimeSpan.FromMinutes(10);

    const int LongestSubject = 255;

    /// <summary>Throws <see cref="SignInRefusedException"/> for the first thing that is not as it must be.</summary>
    public static void Check(JsonToken token, ProviderOptions provider, SignInOptions signIn, string publishedIssuer, SignInState state, string? accessToken, DateTimeOffset now)
    {
        CheckIssuerAndAudience(token, provider, publishedIssuer);
        CheckTimes(token, now);
        Refuse.When(!IsSame(token.Text("nonce"), state.Nonce), SignInFault.IdTokenNonce);
        Refuse.When(token.Has("at_hash") && !IsSame(token.Text("at_hash"), HashOf(accessToken)), SignInFault.IdTokenAccessHash);
        Refuse.When(
            state.MaxAge is { } age && (token.Time("auth_time") is not { } proved || now - proved > age + Skew || proved > now + Skew),
            SignInFault.IdTokenAuthenticationTime);
        Refuse.When(token.Text("sub") is not { Length: > 0 and <= LongestSubject } subject || !StoredText.CanBe(subject), SignInFault.IdTokenSubject);
        if (provider.IsEntra)
        {
            CheckTenant(token, provider, signIn);
        }
    }

    /// <summary>For ID tokens and logout tokens: of our provider, for us.</summary>
    public static void CheckIssuerAndAudience(JsonToken token, ProviderOptions provider, string publishedIssuer)
    {
        // Metadata for many tenants hold the place of the tenant, which the token names.
        var issuer = publishedIssuer.Replace("{tenantid}", token.Text("tid") ?? "", StringComparison.Ordinal);
        Refuse.When(token.Text("iss") != issuer, SignInFault.IdTokenIssuer);
        Refuse.When(!IsOnly(token["aud"], provider.ClientId), SignInFault.IdTokenAudience);
        Refuse.When(token.Has("azp") && token.Text("azp") != provider.ClientId, SignInFault.IdTokenAuthorizedParty);
    }

    static void CheckTimes(JsonToken token, DateTimeOffset now)
    {
        var (expires, issued) = (token.Time("exp"), token.Time("iat"));
        Refuse.When(expires is null || expires <= now - Skew, SignInFault.IdTokenExpiry);
        Refuse.When(token.Has("nbf") && (token.Time("nbf") is not { } from || from > now + Skew), SignInFault.IdTokenNotYet);
        Refuse.When(issued is null || issued < now - LongestAge || issued > now + Skew, SignInFault.IdTokenIssuedAt);
        Refuse.When(expires - issued > LongestLife, SignInFault.IdTokenLifetime);
    }

    // https://learn.microsoft.com/entra/identity-platform/claims-validation: who it is are tenant and object id together.
    static void CheckTenant(JsonToken token, ProviderOptions provider, SignInOptions signIn)
    {
        var tenant = token.Text("tid");
        Refuse.When(!Guid.TryParseExact(tenant, "D", out _), SignInFault.IdTokenTenant);
        var allowed = Guid.TryParse(provider.TenantId, out _) && signIn.AllowedTenants.Length == 0 ? [provider.TenantId] : signIn.AllowedTenants;
        Refuse.When(!allowed.Contains(tenant, StringComparer.OrdinalIgnoreCase), SignInFault.IdTokenTenantNotAllowed);
        Refuse.When(!Guid.TryParseExact(token.Text("oid"), "D", out _), SignInFault.IdTokenObject);
    }

    /// <summary>An audience of exactly one: a token for others as well is a token that others may hand on.</summary>
    static bool IsOnly(JsonElement audience, string client) => audience.ValueKind switch
    {
        JsonValueKind.String => audience.GetString() == client,
        JsonValueKind.Array => audience.GetArrayLength() == 1 && audience[0].ValueKind == JsonValueKind.String && audience[0].GetString() == client,
        _ => false,
    };

    static bool IsSame(string? given, string? expected) =>
        given is not null && expected is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    // All algorithms that are taken use SHA-256 (OpenID Connect Core 1.0, 3.1.3.6).
    static string? HashOf(string? accessToken) => accessToken is null ? null : Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken))[..16]);
}
