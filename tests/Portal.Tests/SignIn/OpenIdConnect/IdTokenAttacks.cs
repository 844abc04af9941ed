using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using Portal.SignIn.OpenIdConnect;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>ID tokens that nobody may get in with.</summary>
static class IdTokenAttacks
{
    public static readonly IReadOnlyList<Attack> All =
    [
        // Form
        new("not a token at all", SignInFault.IdTokenParts, visit => visit.Token.Finish = _ => "nonsense"),
        new("two parts", SignInFault.IdTokenParts, visit => visit.Token.Finish = token => token[..token.LastIndexOf('.')]),
        new("five parts, as an encrypted one has", SignInFault.IdTokenParts, visit => visit.Token.Finish = token => token + ".a.b"),
        new("300 KB", SignInFault.IdTokenSize, visit => visit.Token.Payload["name"] = new string('x', 300_000)),
        new("just over the limit", SignInFault.IdTokenSize, visit => visit.Token.Payload["name"] = new string('x', 49_200)),
        new("a header that is no JSON", SignInFault.IdTokenNotJson, visit => visit.Token.HeaderText = _ => "{"),
        new("a payload that is no JSON", SignInFault.IdTokenNotJson, visit => visit.Token.PayloadText = _ => "{\"iss\":"),
        new("a payload that is a list", SignInFault.IdTokenNotJson, visit => visit.Token.PayloadText = text => $"[{text}]"),
        new("letters that base64url does not have", SignInFault.IdTokenNotJson, visit => visit.Token.Finish = token => "%%%" + token),
        Payload("two sub", SignInFault.IdTokenMemberTwice, text => text.Replace("\"sub\":", "\"sub\":\"admin\",\"sub\":", StringComparison.Ordinal)),
        Payload("tid and TID", SignInFault.IdTokenMemberTwice, text => text.Replace("\"tid\":", "\"TID\":\"x\",\"tid\":", StringComparison.Ordinal)),
        Payload("two aud", SignInFault.IdTokenMemberTwice, text => text.Replace("\"aud\":", "\"aud\":\"other\",\"aud\":", StringComparison.Ordinal)),
        new("two alg in the header", SignInFault.IdTokenMemberTwice, visit => visit.Token.HeaderText = text => text.Replace("\"alg\":", "\"alg\":\"none\",\"alg\":", StringComparison.Ordinal)),

        // Algorithm, key, signature
        Header("alg none", SignInFault.IdTokenAlgorithm, "alg", "none"),
        new("alg none without a signature", SignInFault.IdTokenAlgorithm, visit => (visit.Token.Header["alg"], visit.Token.Sign) = ("none", _ => [])),
        Header("alg nOnE", SignInFault.IdTokenAlgorithm, "alg", "nOnE"),
        Header("alg missing", SignInFault.IdTokenAlgorithm, "alg", null),
        Header("alg a number", SignInFault.IdTokenAlgorithm, "alg", 256),
        new("HS256 with the public key", SignInFault.IdTokenAlgorithm, visit => Hmac(visit, visit.Provider.Key.ExportSubjectPublicKeyInfo())),
        new("HS256 with the client's secret", SignInFault.IdTokenAlgorithm, visit => Hmac(visit, Encoding.UTF8.GetBytes(SignInSite.ClientSecret))),
        new("RS512, which is not on the list", SignInFault.IdTokenAlgorithm, visit => (visit.Token.Header["alg"], visit.Token.Sign) =
            ("RS512", bytes => visit.Provider.Key.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1))),
        new("RS1", SignInFault.IdTokenAlgorithm, visit => visit.Token.Header["alg"] = "RS1"),
        new("signed PS256, said RS256", SignInFault.IdTokenSignature, visit => visit.Token.Sign = bytes => visit.Provider.Key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
        Header("critical extension", SignInFault.IdTokenCritical, "crit", new JsonArray("exp")),
        Header("critical extension that is empty", SignInFault.IdTokenCritical, "crit", new JsonArray()),
        Header("type of an access token", SignInFault.IdTokenType, "typ", "at+jwt"),
        Header("type of a logout token", SignInFault.IdTokenType, "typ", "logout+jwt"),
        Header("type a number", SignInFault.IdTokenType, "typ", 1),
        Header("no key named", SignInFault.IdTokenKeyUnknown, "kid", null),
        Header("a key that is not published", SignInFault.IdTokenKeyUnknown, "kid", "key-2"),
        Header("a key named by a path", SignInFault.IdTokenKeyUnknown, "kid", "../../dev/null"),
        new("another key under the published name", SignInFault.IdTokenSignature, visit => Foreign(visit, _ => { })),
        new("another key, brought along", SignInFault.IdTokenSignature, visit => Foreign(visit, key => visit.Token.Header["jwk"] = PublicKey(key))),
        new("another key, to be fetched elsewhere", SignInFault.IdTokenSignature, visit => Foreign(visit, _ => visit.Token.Header["jku"] = "https://evil.example/keys")),
        new("another key by certificate address", SignInFault.IdTokenSignature, visit => Foreign(visit, _ => visit.Token.Header["x5u"] = "https://evil.example/cert")),
        new("another key, brought along, unnamed", SignInFault.IdTokenKeyUnknown, visit => Foreign(visit, key =>
        {
            visit.Token.Header["jwk"] = PublicKey(key);
            visit.Token.Header.Remove("kid");
        })),
        new("no signature", SignInFault.IdTokenSignature, visit => visit.Token.Sign = _ => []),
        new("a signature of zeros", SignInFault.IdTokenSignature, visit => visit.Token.Sign = _ => new byte[256]),
        new("payload changed after signing", SignInFault.IdTokenSignature, visit => visit.Token.Finish = token => Swap(token, "subject-of-dana", "subject-of-ada")),
        new("header changed after signing", SignInFault.IdTokenSignature, visit => visit.Token.Finish = token =>
            GivenToken.Encode("""{"alg":"RS256","kid":"key-1"}""") + token[token.IndexOf('.', StringComparison.Ordinal)..]),

        // Who speaks, and to whom
        Claim("iss of another provider", SignInFault.IdTokenIssuer, "iss", "https://evil.example"),
        new("iss with a slash more", SignInFault.IdTokenIssuer, visit => visit.Token.Payload["iss"] = visit.Provider.Issuer + "/"),
        new("iss of another tenant", SignInFault.IdTokenIssuer, visit => visit.Token.Payload["iss"] = visit.Provider.Issuer.Replace(HostileProvider.Tenant, HostileProvider.OtherTenant, StringComparison.Ordinal)),
        Claim("iss missing", SignInFault.IdTokenIssuer, "iss", null),
        new("iss in a list", SignInFault.IdTokenSignature, visit => visit.Token.Payload["iss"] = new JsonArray(visit.Provider.Issuer)),
        Claim("aud of another client", SignInFault.IdTokenAudience, "aud", "other"),
        Claim("aud missing", SignInFault.IdTokenAudience, "aud", null),
        Claim("aud of two", SignInFault.IdTokenAudience, "aud", new JsonArray("portal", "other")),
        Claim("aud empty list", SignInFault.IdTokenAudience, "aud", new JsonArray()),
        Claim("aud in other letters", SignInFault.IdTokenAudience, "aud", "Portal"),
        Claim("azp of another client", SignInFault.IdTokenAuthorizedParty, "azp", "other"),
        Claim("azp a number", SignInFault.IdTokenSignature, "azp", 1),

        // Times
        Time("expired", SignInFault.IdTokenExpiry, "exp", -61),
        Claim("exp missing", SignInFault.IdTokenExpiry, "exp", null),
        Claim("exp a text", SignInFault.IdTokenExpiry, "exp", "9999999999"),
        Claim("exp 10^18", SignInFault.IdTokenExpiry, "exp", 1_000_000_000_000_000_000),
        Claim("exp with a fraction", SignInFault.IdTokenExpiry, "exp", 9999999999.5),
        Claim("exp negative", SignInFault.IdTokenExpiry, "exp", -1),
        Time("good for two days", SignInFault.IdTokenLifetime, "exp", 172_800),
        Time("not yet", SignInFault.IdTokenNotYet, "nbf", 120),
        Claim("nbf a text", SignInFault.IdTokenNotYet, "nbf", "0"),
        Time("made tomorrow", SignInFault.IdTokenIssuedAt, "iat", 86_400),
        Time("made an hour ago", SignInFault.IdTokenIssuedAt, "iat", -3600),
        Claim("iat missing", SignInFault.IdTokenIssuedAt, "iat", null),
        Claim("iat a text", SignInFault.IdTokenSignature, "iat", "now"),

        // This sign-in
        Claim("nonce of another sign-in", SignInFault.IdTokenNonce, "nonce", "another"),
        Claim("nonce missing", SignInFault.IdTokenNonce, "nonce", null),
        Claim("nonce empty", SignInFault.IdTokenNonce, "nonce", ""),
        Claim("at_hash of another token", SignInFault.IdTokenAccessHash, "at_hash", "AAAAAAAAAAAAAAAAAAAAAA"),
        new("at_hash without an access token", SignInFault.IdTokenAccessHash, visit =>
        {
            visit.Token.Payload["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA";
            visit.Answer.Remove("access_token");
        }),

        // Who it is
        Claim("sub missing", SignInFault.IdTokenSubject, "sub", null),
        Claim("sub empty", SignInFault.IdTokenSubject, "sub", ""),
        Claim("sub a number", SignInFault.IdTokenSubject, "sub", 7),
        Claim("sub of 300 characters", SignInFault.IdTokenSubject, "sub", new string('s', 300)),
        Claim("sub with a NUL", SignInFault.IdTokenSubject, "sub", "dana\0"),
        Claim("tid missing", SignInFault.IdTokenTenant, "tid", null),
        Claim("tid that is no id", SignInFault.IdTokenTenant, "tid", "contoso"),
        Claim("tid of another tenant", SignInFault.IdTokenTenantNotAllowed, "tid", HostileProvider.OtherTenant),
        Claim("oid missing", SignInFault.IdTokenObject, "oid", null),
        Claim("oid that is no id", SignInFault.IdTokenObject, "oid", "dana@contoso.com"),
        new("groups left out, and no app role", SignInFault.GroupsLeftOut, visit =>
        {
            visit.Token.Payload.Remove("roles");
            visit.Token.Payload["hasgroups"] = true;
        }),
        new("groups to be fetched elsewhere, and no app role", SignInFault.GroupsLeftOut, visit =>
        {
            visit.Token.Payload.Remove("roles");
            visit.Token.Payload["_claim_names"] = new JsonObject { ["groups"] = "src1" };
            visit.Token.Payload["_claim_sources"] = new JsonObject { ["src1"] = new JsonObject { ["endpoint"] = "https://evil.example" } };
        }),
    ];

    static Attack Claim(string name, SignInFault refused, string claim, JsonNode? value) => new(name, refused, visit => Set(visit.Token.Payload, claim, value));

    static Attack Header(string name, SignInFault refused, string member, JsonNode? value) => new(name, refused, visit => Set(visit.Token.Header, member, value));

    static Attack Payload(string name, SignInFault refused, Func<string, string> change) => new(name, refused, visit => visit.Token.PayloadText = change);

    static Attack Time(string name, SignInFault refused, string claim, int seconds) =>
        new(name, refused, visit => visit.Token.Payload[claim] = visit.Site.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds());

    static void Set(JsonObject target, string name, JsonNode? value)
    {
        target.Remove(name);
        if (value is not null)
        {
            // Each theory runs once, but the same node may have but one parent.
            target[name] = value.DeepClone();
        }
    }

    static void Hmac(Visit visit, byte[] key) => (visit.Token.Header["alg"], visit.Token.Sign) = ("HS256", bytes => HMACSHA256.HashData(key, bytes));

    static void Foreign(Visit visit, Action<RSA> change)
    {
        var key = RSA.Create(2048);
        visit.Token.Sign = bytes => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        change(key);
    }

    static JsonObject PublicKey(RSA key)
    {
        var parameters = key.ExportParameters(false);
        return new() { ["kty"] = "RSA", ["n"] = Base64UrlEncoder.Encode(parameters.Modulus), ["e"] = Base64UrlEncoder.Encode(parameters.Exponent) };
    }

    static string Swap(string token, string from, string to)
    {
        var parts = token.Split('.');
        parts[1] = GivenToken.Encode(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(parts[1])).Replace(from, to, StringComparison.Ordinal));
        return string.Join('.', parts);
    }
}
