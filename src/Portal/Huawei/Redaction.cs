using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.Huawei;

/// <summary>Takes secrets out of text that came from the cloud or goes to people, and makes it fit for a database column.</summary>
public static partial class Redaction
{
    const string Mask3 = "***";

    // "git" as a user name must not turn every "github.com" of a message into "***hub.com".
    const int ShortestUserName = 6;

    /// <summary>Takes out what looks like a secret (logins in addresses, tokens, signatures, passwords) and the known secrets given.</summary>
    public static string Scrub(string text, IEnumerable<string>? secrets = null)
    {
        // The longest first: a short secret may be a part of a long one, and would leave the rest of it behind.
        var known = (secrets ?? []).Where(secret => secret.Length > 0).SelectMany(Dresses).Distinct()
            .OrderByDescending(secret => secret.Length);
        foreach (var secret in known)
            text = text.Replace(secret, Mask3, StringComparison.Ordinal);
        text = UrlCredentials().Replace(text, Mask3 + "@");
        text = EncodedCredentials().Replace(text, Mask3 + "%40");
        text = BareCredentials().Replace(text, Mask3 + "@");
        text = HeaderValues().Replace(text, "$1" + Mask3);
        text = Signatures().Replace(text, "$1" + Mask3);
        text = SecretFields().Replace(text, "$1" + Mask3);
        text = CommandLine().Replace(text, "$1" + Mask3);
        text = LongTokens().Replace(text, Mask3);
        return Printable(text);
    }

    /// <summary>Every field named username or password, at any depth and in any case, reads "***"; credentials in addresses too.</summary>
    public static void Mask(JsonNode? node)
    {
        if (node is JsonObject fields)
        {
            foreach (var name in fields.Select(field => field.Key).ToList())
            {
                if (IsLoginField(name))
                    fields[name] = Mask3;
                else if (fields[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String)
                    fields[name] = UrlCredentials().Replace(value.GetValue<string>(), Mask3 + "@");
                else
                    Mask(fields[name]);
            }
        }
        else if (node is JsonArray array)
        {
            foreach (var item in array)
                Mask(item);
        }
    }

    /// <summary>The secrets that a call's body carries, as sent and decoded, so that an answer which echoes them can be scrubbed.</summary>
    internal static IEnumerable<string> SecretsIn(JsonNode? node)
    {
        if (node is JsonObject fields)
        {
            return fields.SelectMany(field => IsLoginField(field.Key) && AnswerFields.Scalar(field.Value) is { } secret
                ? Decoded(secret).Append(secret).Where(text => IsPassword(field.Key) || text.Length >= ShortestUserName)
                : SecretsIn(field.Value));
        }

        return node is JsonArray array ? array.SelectMany(SecretsIn) : [];
    }

    /// <summary>A secret in the dresses in which an error page or message may give it back.</summary>
    internal static IEnumerable<string> Dresses(string secret) =>
    [
        secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), Uri.EscapeDataString(secret), WebUtility.HtmlEncode(secret),
        JsonEncodedText.Encode(secret).ToString(), JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
    ];

    /// <summary>Control characters (PostgreSQL refuses NUL) become a replacement character; new lines and tabs stay.</summary>
    public static string Printable(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f')
            && !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
            return text;
        var clean = new StringBuilder(text.Length);
        // Lone surrogates come out of this loop as the replacement character.
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.Value is '\n' or '\t' or '\r' || !Rune.IsControl(rune) ? rune.ToString() : "\ufffd");
        return clean.ToString();
    }

    /// <summary>At most <paramref name="length"/> characters, never half a character.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }

    static bool IsLoginField(string name) => IsPassword(name) || name.Equals("username", StringComparison.OrdinalIgnoreCase);

    static bool IsPassword(string name) => name.Equals("password", StringComparison.OrdinalIgnoreCase);

    static IEnumerable<string> Decoded(string secret)
    {
        var bytes = new byte[secret.Length];
        return Convert.TryFromBase64String(secret, bytes, out var count) && count > 0 ? [Encoding.UTF8.GetString(bytes, 0, count)] : [];
    }

    // After "://": up to the last "@" of the authority; or, when what follows the first ":" is no port, up to the last "@" of the word,
    // because people put unescaped "/" into passwords. The lengths are bounded so that hostile text cannot make the search quadratic.
    [GeneratedRegex(
        """(?<=[a-zA-Z][a-zA-Z0-9+.\-]{0,20}://)(?:[^\s/@:"'<>]{0,1000}:(?!\d{1,5}(?:[/?#\s"'<>]|$))[^\s"'<>]{0,2000}@|[^\s/?#"'<>]{0,2000}@)""")]
    private static partial Regex UrlCredentials();

    // The same within an address that was encoded to be part of another one.
    [GeneratedRegex("""(?<=%3a%2f%2f)(?:(?!%2f)[^\s/@:"'<>]){0,1000}%40""", RegexOptions.IgnoreCase)]
    private static partial Regex EncodedCredentials();

    // "user:password@host" without a scheme, as git, scp and curl say it.
    [GeneratedRegex("""(?<![\w.%+\-])[\w.%+\-]{1,100}:[^\s@/:"'<>]{1,200}@(?=[\w\[])""")]
    private static partial Regex BareCredentials();

    // Arguments of commands, and the words of .netrc. "the password is wrong" is no secret.
    [GeneratedRegex("""((?<![\w\-])(?:--(?:password|passphrase|token)\s{1,5}|(?:-u|--user)\s{1,5}[^\s:]{1,100}:|login\s{1,5}\S{1,100}\s{1,5}password\s{1,5}))(?!\*{3})\S+""", RegexOptions.IgnoreCase)]
    private static partial Regex CommandLine();

    [GeneratedRegex(
        """((?:x-security-token|x-auth-token|x-subject-token|authorization)\\?["']?\s*[:=]\s*\\?["']?)(?!\*{3})[^|\r\n"'\\]+""", RegexOptions.IgnoreCase)]
    private static partial Regex HeaderValues();

    [GeneratedRegex("""(signature\\?["']?\s*[:=]\s*\\?["']?)[0-9a-f]{64}""", RegexOptions.IgnoreCase)]
    private static partial Regex Signatures();

    [GeneratedRegex(
        """((?:password|passwd|pwd|passphrase|secret|secret_?key|secret_?access_?key|api_?key|(?:[a-z]{1,20}[_\-])?token|\bsk)\\?["']?\s*[:=]\s*\\?["']?)(?!\*{3})[^\s|&,;"'\\}]+""", RegexOptions.IgnoreCase)]
    private static partial Regex SecretFields();

    // IAM tokens are PKCS#7 blobs that begin with MII; the personal tokens of GitHub and GitLab say by their beginnings what they are. Keys of
    // that length are never part of a message that helps anyone.
    [GeneratedRegex("""(?<![A-Za-z0-9+/])MII[A-Za-z0-9+/_\-=]{60,}|\b(?:gh[pousr]_|github_pat_|glpat-)[A-Za-z0-9_\-]{16,}""")]
    private static partial Regex LongTokens();
}
