using System.Security.Cryptography;
using System.Text;

namespace Portal.Tests.CloudSimulator;

/// <summary>The SDK-HMAC-SHA256 scheme written a third time, for paths and queries that need no decoding, so that neither side's signing proves itself.</summary>
static class SignatureByHand
{
    public static HttpRequestMessage Sign(HttpRequestMessage request, string body, string accessKey, string secretKey, DateTimeOffset at, params (string Name, string Value)[] more)
    {
        var date = at.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var uri = request.RequestUri!;
        var headers = more.Append(("host", uri.Authority)).Append(("x-sdk-date", date)).ToArray();
        var (signed, signature) = Compute(request.Method.Method, uri.AbsolutePath, uri.Query.TrimStart('?'), headers, body, date, secretKey);
        foreach (var (name, value) in more)
            request.Headers.Add(name, value);
        request.Headers.Add("X-Sdk-Date", date);
        request.Headers.TryAddWithoutValidation("Authorization", $"SDK-HMAC-SHA256 Access={accessKey}, SignedHeaders={signed}, Signature={signature}");
        return request;
    }

    public static (string SignedHeaders, string Signature) Compute(string method, string path, string sortedQuery, (string Name, string Value)[] headers, string body, string date, string secretKey)
    {
        var sorted = headers.Select(h => (Name: h.Name.ToLowerInvariant(), h.Value)).OrderBy(h => h.Name, StringComparer.Ordinal).ToList();
        var signed = string.Join(';', sorted.Select(h => h.Name));
        var canonical = $"{method}\n{path.Replace("$", "%24", StringComparison.Ordinal)}/\n{sortedQuery}\n{string.Concat(sorted.Select(h => $"{h.Name}:{h.Value}\n"))}\n{signed}\n{Hash(body)}";
        var toSign = $"SDK-HMAC-SHA256\n{date}\n{Hash(canonical)}";
        return (signed, Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secretKey), Encoding.UTF8.GetBytes(toSign))));
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
