using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>A token that would be taken, for a test to change one thing of.</summary>
sealed class GivenToken
{
    public required JsonObject Header { get; init; }

    public required JsonObject Payload { get; init; }

    /// <summary>Changes the payload as it is written, for what a JSON object cannot hold.</summary>
    public Func<string, string> PayloadText { get; set; } = text => text;

    /// <summary>The same for the header.</summary>
    public Func<string, string> HeaderText { get; set; } = text => text;

    /// <summary>Makes the signature.</summary>
    public required Func<byte[], byte[]> Sign { get; set; }

    /// <summary>Changes the finished token.</summary>
    public Func<string, string> Finish { get; set; } = token => token;

    /// <summary>What Entra ID would send.</summary>
    public static GivenToken Id(HostileProvider provider, string nonce, DateTimeOffset now) => new()
    {
        Header = new() { ["alg"] = "RS256", ["kid"] = provider.KeyId, ["typ"] = "JWT" },
        Payload = new()
        {
            ["iss"] = provider.Issuer,
            ["aud"] = "portal",
            ["exp"] = now.AddMinutes(10).ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["nonce"] = nonce,
            ["sub"] = "subject-of-dana",
            ["sid"] = "session-there",
            ["tid"] = HostileProvider.Tenant,
            ["oid"] = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            ["name"] = "Dana",
            ["roles"] = new JsonArray("Portal.Requester", "Portal.Unheard"),
        },
        Sign = bytes => provider.Key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
    };

    /// <summary>What a provider sends when somebody signs out there.</summary>
    public static GivenToken Logout(HostileProvider provider, DateTimeOffset now)
    {
        var token = Id(provider, "", now);
        token.Header["typ"] = "logout+jwt";
        foreach (var name in new[] { "nonce", "nbf", "oid", "name", "roles" })
        {
            token.Payload.Remove(name);
        }

        token.Payload["jti"] = Guid.CreateVersion7().ToString();
        token.Payload["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() };
        return token;
    }

    public override string ToString()
    {
        var signed = $"{Encode(HeaderText(Header.ToJsonString()))}.{Encode(PayloadText(Payload.ToJsonString()))}";
        return Finish($"{signed}.{Base64UrlEncoder.Encode(Sign(Encoding.ASCII.GetBytes(signed)))}");
    }

    public static string Encode(string text) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(text));
}
