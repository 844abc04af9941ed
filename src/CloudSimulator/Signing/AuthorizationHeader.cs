namespace CloudSimulator.Signing;

/// <summary>The parts of <c>Authorization: SDK-HMAC-SHA256 Access=…, SignedHeaders=a;b, Signature=…</c> (huawei-api 4.1 step 5).</summary>
sealed record AuthorizationHeader(string AccessKey, IReadOnlyList<string> SignedHeaders, string Signature)
{
    public const string Algorithm = "SDK-HMAC-SHA256";

    /// <summary>The parts, or null when the header has another algorithm or lacks a part.</summary>
    public static AuthorizationHeader? Parse(string header)
    {
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
            return null;
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in header[(Algorithm.Length + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', 2) is [var name, var value])
                parts[name] = value;
        }
        return parts.TryGetValue("Access", out var access) && parts.TryGetValue("SignedHeaders", out var signed) && parts.TryGetValue("Signature", out var signature)
            ? new(access, [.. signed.Split(';', StringSplitOptions.RemoveEmptyEntries)], signature)
            : null;
    }
}
