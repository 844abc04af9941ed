using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CloudSimulator.Gateway;

namespace CloudSimulator.Signing;

/// <summary>The text that a signature covers, rebuilt from what arrived (huawei-api 4.1 step 2).</summary>
static class CanonicalRequest
{
    const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>Six parts joined by line feeds; the fourth ends with one of its own, so an empty line follows the headers.</summary>
    public static string Of(ReceivedRequest received, IHeaderDictionary headers, IReadOnlyList<string> signedHeaders)
    {
        var names = signedHeaders.Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal).ToList();
        return string.Join('\n',
            received.Method.ToUpperInvariant(),
            Path(received.RawPath),
            Query(received.RawQuery),
            string.Concat(names.Select(name => $"{name}:{headers[name].ToString().Trim()}\n")),
            string.Join(';', names),
            PayloadHash(received.Body, headers["X-Sdk-Content-Sha256"].ToString()));
    }

    /// <summary>Decoded, encoded again segment by segment, and always with a slash at the end.</summary>
    public static string Path(string rawPath)
    {
        var encoded = string.Join('/', Uri.UnescapeDataString(rawPath).Split('/').Select(Encode));
        return encoded.EndsWith('/') ? encoded : encoded + "/";
    }

    /// <summary>Decoded, sorted by key and then by value, encoded again; an empty value keeps its equals sign.</summary>
    public static string Query(string rawQuery)
    {
        var pairs = rawQuery.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Key: Decode(pair[0]), Value: pair.Length == 2 ? Decode(pair[1]) : ""))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal);
        return string.Join('&', pairs.Select(pair => $"{Encode(pair.Key)}={Encode(pair.Value)}"));
    }

    static string PayloadHash(byte[] body, string declared) =>
        // A declared hash is used only where the payload is left unsigned: any other value has to be true.
        declared == UnsignedPayload ? declared : Convert.ToHexStringLower(SHA256.HashData(body));

    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    /// <summary>RFC 3986: letters, digits and <c>-_.~</c> stay, every other byte of the UTF-8 form becomes %XX.</summary>
    static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
                encoded.Append((char)value);
            else
                encoded.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }
        return encoded.ToString();
    }
}
