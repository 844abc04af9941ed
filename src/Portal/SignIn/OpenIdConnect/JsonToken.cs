using System.Security.Claims;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Microsoft.IdentityModel.Validators;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>
/// A signed token of the provider (RFC 7519) whose form, key and signature are in order. Microsoft's library checks the signature; the members
/// are read here, because it takes the last of two with the same name and a number for a text.
/// </summary>
public sealed class JsonToken
{
    /// <summary>In characters.</summary>
    const int Longest = 64 * 1024;

    /// <summary>No <c>none</c>, and nothing that a public key could make.</summary>
    static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256];

    static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = Longest };

    readonly JsonElement payload;
    readonly string text;
    readonly TokenValidationParameters parameters;

    JsonToken(JsonElement payload, string text, TokenValidationParameters parameters) => (this.payload, this.text, this.parameters) = (payload, text, parameters);

    /// <summary>True when the token has the member, whatever it holds.</summary>
    public bool Has(string name) => payload.TryGetProperty(name, out _);

    /// <summary>A member that is a text.</summary>
    public string? Text(string name) => payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A member that is a time in whole seconds, as all times of these tokens are; null when it is anything else.</summary>
    public DateTimeOffset? Time(string name) =>
        payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
        && seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>The member as it is; an undefined element when there is none.</summary>
    public JsonElement this[string name] => payload.TryGetProperty(name, out var value) ? value : default;

    /// <summary>The members with these names as claims: texts, numbers and truth as they are written, lists one claim each, anything else as JSON.</summary>
    public IEnumerable<Claim> Claims(IEnumerable<string> names) =>
        from name in names
        where Has(name)
        from value in payload.GetProperty(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToArray() : [payload.GetProperty(name)]
        where value.ValueKind != JsonValueKind.Null
        select new Claim(name, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());

    /// <summary>The token behind the text, or a refusal.</summary>
    /// <param name="text">What the provider sent.</param>
    /// <param name="metadata">Finds the provider's metadata with the key of this name, fetching them anew when it is not known.</param>
    /// <param name="type">What <c>typ</c> may say besides nothing.</param>
    public static async Task<JsonToken> ReadAsync(string text, Func<string?, Task<OpenIdConnectConfiguration>> metadata, string type)
    {
        Refuse.When(text.Length > Longest, SignInFault.IdTokenSize);
        var parts = text.Split('.');
        Refuse.When(parts.Length != 3, SignInFault.IdTokenParts);
        var (header, payload) = (Parse(parts[0]), Parse(parts[1]));
        Refuse.When(header is null || payload is null, SignInFault.IdTokenNotJson);
        Refuse.When(NamesTwice(header.Value) || NamesTwice(payload.Value), SignInFault.IdTokenMemberTwice);
        var head = new JsonToken(header.Value, text, new());
        Refuse.When(!Algorithms.Contains(head.Text("alg")), SignInFault.IdTokenAlgorithm);
        Refuse.When(head.Has("crit"), SignInFault.IdTokenCritical);
        Refuse.When(head.Has("typ") && !string.Equals(head.Text("typ"), type, StringComparison.OrdinalIgnoreCase), SignInFault.IdTokenType);
        var published = await metadata(head.Text("kid"));
        var key = published.SigningKeys.Where(known => head.Text("kid") is { } id && known.KeyId == id).ToList();
        Refuse.When(key.Count == 0, SignInFault.IdTokenKeyUnknown);
        var parameters = Parameters(key, published);
        Refuse.When(!(await Handler.ValidateTokenAsync(text, parameters)).IsValid, SignInFault.IdTokenSignature);
        return new JsonToken(payload.Value, text, parameters);
    }

    /// <summary>False when Entra ID says of the key that it belongs to another tenant than the token's.</summary>
    public async Task<bool> HasKeyOfItsTenantAsync()
    {
        var ofTenant = parameters.Clone();
        ofTenant.ValidateIssuerSigningKey = true;
        ofTenant.EnableAadSigningKeyIssuerValidation();
        return (await Handler.ValidateTokenAsync(text, ofTenant)).IsValid;
    }

    // Only what this library does better: the signature with exactly this key.
    static TokenValidationParameters Parameters(IList<SecurityKey> keys, OpenIdConnectConfiguration published) => new()
    {
        IssuerSigningKeys = keys,
        TryAllIssuerSigningKeys = false,
        RequireSignedTokens = true,
        ValidAlgorithms = Algorithms,
        ValidateIssuer = false,
        ValidateAudience = false,
        ValidateLifetime = false,
        ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(published),
    };

    static JsonElement? Parse(string part)
    {
        try
        {
            using var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(part));
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception failure) when (failure is JsonException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    // By any case: two readers that differ in that would read two tokens.
    static bool NamesTwice(JsonElement token) =>
        token.EnumerateObject().GroupBy(member => member.Name, StringComparer.OrdinalIgnoreCase).Any(group => group.Count() > 1);
}
