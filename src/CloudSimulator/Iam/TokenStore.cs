using System.Security.Cryptography;
using System.Text;
using CloudSimulator.Control;

namespace CloudSimulator.Iam;

/// <summary>What a token may be used for. Both null: not scoped at all.</summary>
/// <param name="Project">Region whose project the token is scoped to.</param>
/// <param name="Domain">Account name for a token that is scoped to the whole account.</param>
sealed record TokenScope(string? Project, string? Domain);

enum TokenState
{
    Valid,
    Expired,
    Withdrawn,
    Unknown,
}

/// <param name="Scope">Null for a token that this cloud never issued.</param>
sealed record TokenExamination(TokenState State, TokenScope? Scope);

/// <param name="Text">Value of <c>X-Subject-Token</c>.</param>
sealed record IssuedToken(string Text, TokenScope Scope, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);

/// <summary>Tokens that IAM issued. Only their hashes are kept; the oldest are forgotten when there are too many.</summary>
sealed class TokenStore(SimulatorClock clock)
{
    const int Capacity = 10_000;
    static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    readonly Dictionary<string, Entry> _entries = [];
    readonly Queue<string> _order = [];
    readonly Lock _lock = new();

    /// <summary>A new token, good for 24 hours; older ones stay good (huawei-api 3.1).</summary>
    public IssuedToken Issue(TokenScope scope)
    {
        // Real tokens are PKCS#7 blobs: they open with these letters and run to thousands of characters.
        var text = "MIIatAYJKoZIhvcNAQcC" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(3600)).TrimEnd('=');
        var now = clock.GetUtcNow();
        var token = new IssuedToken(text, scope, now, now + Lifetime);
        lock (_lock)
        {
            _entries[Hash(text)] = new Entry(scope, token.ExpiresAt);
            _order.Enqueue(Hash(text));
            if (_order.Count > Capacity)
                _entries.Remove(_order.Dequeue());
        }
        return token;
    }

    public TokenExamination Examine(string text)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(Hash(text), out var entry))
                return new(TokenState.Unknown, null);
            if (entry.Withdrawn)
                return new(TokenState.Withdrawn, entry.Scope);
            return new(entry.ExpiresAt <= clock.GetUtcNow() ? TokenState.Expired : TokenState.Valid, entry.Scope);
        }
    }

    /// <summary>Makes every token issued so far useless before its time, as a password change does (huawei-api 3.1). Returns how many.</summary>
    public int WithdrawAll()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values)
                entry.Withdrawn = true;
            return _entries.Count;
        }
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    sealed class Entry(TokenScope scope, DateTimeOffset expiresAt)
    {
        public TokenScope Scope { get; } = scope;
        public DateTimeOffset ExpiresAt { get; } = expiresAt;
        public bool Withdrawn { get; set; }
    }
}
