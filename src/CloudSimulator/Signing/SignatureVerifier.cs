using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CloudSimulator.Gateway;
using CloudSimulator.Iam;

namespace CloudSimulator.Signing;

/// <summary>Recomputes an AK/SK signature and says why it is refused (huawei-api 4.1 and APIGW.0301 of section 5).</summary>
sealed class SignatureVerifier(Account account, AccessKeyLock locks)
{
    static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(15);

    /// <summary>The reason for a 401, or null when the signature is good. On a mismatch the reason repeats the canonical request, as the real gateway does.</summary>
    public string? Refusal(ReceivedRequest received, IHeaderDictionary headers)
    {
        if (AuthorizationHeader.Parse(headers.Authorization.ToString()) is not { } authorization)
            return "Authorization header format error";
        if (account.FindKey(authorization.AccessKey) is not { } key)
            return "Get secretKey failed, ak not exist";
        if (locks.IsLocked(key.AccessKey))
            return "AK access failed to reach the limit, forbidden";

        var date = headers["X-Sdk-Date"].ToString();
        if (!DateTimeOffset.TryParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signedAt)
            || !authorization.SignedHeaders.Contains("x-sdk-date", StringComparer.OrdinalIgnoreCase))
            return "calc aksk signature fail:x-sdk-date is missing, unsigned or not in the form yyyyMMddTHHmmssZ";
        // The real time, not the simulator's: advancing the simulated clock must not break signatures.
        var now = TimeProvider.System.GetUtcNow();
        if ((now - signedAt).Duration() > AllowedSkew)
            return $"calc aksk signature fail:signature expired, signature time:{date},server time:{now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        if (key.SecurityToken is { } securityToken && headers["X-Security-Token"] != securityToken)
            return "verify security token fail";

        var canonical = CanonicalRequest.Of(received, headers, authorization.SignedHeaders);
        if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(key.SecretKey, date, canonical)), Encoding.ASCII.GetBytes(authorization.Signature)))
        {
            locks.Succeeded(key.AccessKey);
            return null;
        }
        locks.Failed(key.AccessKey);
        return $"verify aksk signature fail, canonicalRequest:{canonical.Replace('\n', '|')}";
    }

    static string Sign(string secretKey, string date, string canonical)
    {
        var canonicalHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        var stringToSign = $"{AuthorizationHeader.Algorithm}\n{date}\n{canonicalHash}";
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secretKey), Encoding.UTF8.GetBytes(stringToSign)));
    }
}
