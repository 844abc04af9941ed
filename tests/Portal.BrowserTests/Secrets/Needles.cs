using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Portal.BrowserTests.Secrets;

/// <summary>A secret in every dress in which it may lie about, as bytes to look for.</summary>
sealed class Needles
{
    readonly (string Name, byte[] Bytes)[] all;

    public Needles(string secret) => all = [.. Of(secret).DistinctBy(needle => Convert.ToHexString(needle.Bytes))];

    /// <summary>How many different ones there are.</summary>
    public int Count => all.Length;

    /// <summary>The dresses, by name.</summary>
    public IEnumerable<(string Name, byte[] Bytes)> All => all;

    /// <summary>The names of the dresses that are found.</summary>
    public IReadOnlyList<string> In(ReadOnlySpan<byte> hay)
    {
        List<string> found = [];
        foreach (var (name, bytes) in all)
        {
            if (hay.IndexOf(bytes) >= 0)
            {
                found.Add(name);
            }
        }

        return found;
    }

    static IEnumerable<(string Name, byte[] Bytes)> Of(string secret)
    {
        var raw = Encoding.UTF8.GetBytes(secret);
        yield return ("raw", raw);
        yield return ("UTF-16", Encoding.Unicode.GetBytes(secret));
        foreach (var offset in new[] { 0, 1, 2 })
        {
            var base64 = Base64At(raw, offset);
            yield return ($"base64+{offset}", Encoding.ASCII.GetBytes(base64));
            yield return ($"base64url+{offset}", Encoding.ASCII.GetBytes(base64.Replace('+', '-').Replace('/', '_')));
            yield return ($"base64 in JSON+{offset}", Encoding.ASCII.GetBytes(base64.Replace("+", "\\u002B", StringComparison.Ordinal)));
        }

        string[] texts =
        [
            Uri.EscapeDataString(secret), WebUtility.UrlEncode(secret), JsonEncodedText.Encode(secret).ToString(),
            JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(), WebUtility.HtmlEncode(secret), HtmlEncoder.Default.Encode(secret),
            Convert.ToHexString(raw),
        ];
        foreach (var text in texts)
        {
            yield return ("written", Encoding.UTF8.GetBytes(text));
            yield return ("written small", Encoding.UTF8.GetBytes(text.ToLowerInvariant()));
        }
    }

    // What all Base64 texts have in common that hold the bytes at this place: the characters at its ends hold bits of the neighbours too.
    static string Base64At(byte[] raw, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. raw]).TrimEnd('=');
        var first = (offset * 8 + 5) / 6;
        var last = (offset + raw.Length) * 8 / 6;
        return text[first..last];
    }
}
