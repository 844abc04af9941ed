using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portal.Access;

namespace Portal.Huawei;

/// <summary>Signs a request with SDK-HMAC-SHA256 (devg-apisign, api-sign-algorithm-001), over exactly what is sent.</summary>
public static class RequestSigner
{
    const string Algorithm = "SDK-HMAC-SHA256";

    /// <summary>The headers given plus Host, X-Sdk-Date, X-Security-Token (temporary keys) and what signs them all.</summary>
    public static KeyValuePair<string, string>[] Sign(
        CloudCredentials credentials, HttpMethod method, Uri url, IEnumerable<KeyValuePair<string, string>> headers,
        ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var date = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        List<KeyValuePair<string, string>> signed = [.. headers, new("Host", HostOf(url)), new("X-Sdk-Date", date)];
        if (!credentials.SecurityToken.IsEmpty)
            signed.Add(new("X-Security-Token", credentials.SecurityToken.Reveal()));
        signed.Add(new("Authorization", Authorization(method, url, signed, body, date, credentials.AccessKey, credentials.SecretKey)));
        return [.. signed];
    }

    /// <summary>The value of the Authorization header; <paramref name="headers"/> are the ones to sign.</summary>
    public static string Authorization(
        HttpMethod method, Uri url, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body,
        string date, string accessKey, Secret secretKey)
    {
        var canonical = CanonicalRequest(method, url, headers, body);
        var toSign = $"{Algorithm}\n{date}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signature = Hex(HMACSHA256.HashData(secretKey.RevealBytes(), Encoding.UTF8.GetBytes(toSign)));
        return $"{Algorithm} Access={accessKey}, SignedHeaders={NamesOf(headers)}, Signature={signature}";
    }

    /// <summary>The text whose hash is signed: method, path, query, headers, their names and the body's hash, line by line.</summary>
    public static string CanonicalRequest(
        HttpMethod method, Uri url, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body)
    {
        var lines = Sorted(headers).Select(header => $"{Lower(header.Key)}:{header.Value.Trim()}\n");
        return string.Join('\n',
            method.Method.ToUpperInvariant(), CanonicalPath(url), CanonicalQuery(url),
            string.Concat(lines), NamesOf(headers), Hex(SHA256.HashData(body)));
    }

    /// <summary>The Host header of an address as the HTTP client sends it: with the port only when it is not the scheme's own.</summary>
    public static string HostOf(Uri url)
    {
        var host = url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        return url.IsDefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{url.Port}");
    }

    // Ends in "/" here even where the path that is sent does not.
    static string CanonicalPath(Uri url)
    {
        var path = string.Join('/', url.AbsolutePath.Split('/').Select(Encoded));
        return path.EndsWith('/') ? path : path + "/";
    }

    static string CanonicalQuery(Uri url) => string.Join('&', url.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (Key: Encoded(pair[0]), Value: pair.Length == 2 ? Encoded(pair[1]) : ""))
        .OrderBy(pair => pair.Key, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Key}={pair.Value}"));

    static string NamesOf(IEnumerable<KeyValuePair<string, string>> headers) =>
        string.Join(';', Sorted(headers).Select(header => Lower(header.Key)));

    static IOrderedEnumerable<KeyValuePair<string, string>> Sorted(IEnumerable<KeyValuePair<string, string>> headers) =>
        headers.OrderBy(header => Lower(header.Key), StringComparer.Ordinal);

    static string Encoded(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    // The algorithm writes header names in lower case.
#pragma warning disable CA1308
    static string Lower(string text) => text.ToLowerInvariant();
#pragma warning restore CA1308
}
