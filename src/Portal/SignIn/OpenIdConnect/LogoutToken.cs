using System.Text.Json;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>
/// What is asked of a logout token beyond its signature (OpenID Connect Back-Channel Logout 1.0, 2.6; ASVS 5.0, 10.5.5). Pure: the time is an argument.
/// </summary>
public static class LogoutToken
{
    /// <summary>What <c>typ</c> says.</summary>
    public const string Type = "logout+jwt";

    const string Event = "http://schemas.openid.net/event/backchannel-logout";

    static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>How long after it was made a logout token is taken; so long its <c>jti</c> is remembered.</summary>
    public static readonly TimeSpan Valid = TimeSpan.FromMinutes(10);

    const int LongestName = 255;

    /// <summary>Throws <see cref="SignInRefusedException"/> for the first thing that is not as it must be.</summary>
    public static void Check(JsonToken token, ProviderOptions provider, string publishedIssuer, DateTimeOffset now)
    {
        IdToken.CheckIssuerAndAudience(token, provider, publishedIssuer);
        Refuse.When(token.Time("iat") is not { } issued || issued < now - Valid || issued > now + Skew, SignInFault.IdTokenIssuedAt);
        Refuse.When(token.Has("exp") && (token.Time("exp") is not { } expires || expires <= now - Skew), SignInFault.IdTokenExpiry);
        Refuse.When(
            token["events"] is not { ValueKind: JsonValueKind.Object } events || !events.TryGetProperty(Event, out var logout) || logout.ValueKind != JsonValueKind.Object,
            SignInFault.LogoutEvent);
        // With a nonce it could be an ID token.
        Refuse.When(token.Has("nonce"), SignInFault.LogoutNonce);
        Refuse.When(!IsName(token, "sub") && !IsName(token, "sid"), SignInFault.LogoutName);
        Refuse.When(!IsName(token, "jti"), SignInFault.LogoutTokenId);
    }

    static bool IsName(JsonToken token, string member) => token.Text(member) is { Length: > 0 and <= LongestName };
}
