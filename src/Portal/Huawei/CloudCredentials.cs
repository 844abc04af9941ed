using Portal.Access;

namespace Portal.Huawei;

/// <summary>
/// What one call proves itself with. Never changes: a call that is under way when the credentials are rotated keeps those it began with.
/// </summary>
public sealed record CloudCredentials
{
    /// <summary>Which of them are used.</summary>
    public required CloudAuthentication Authentication { get; init; }

    public string AccessKey { get; init; } = "";

    public Secret SecretKey { get; init; } = Secret.None;

    /// <summary>Goes with a temporary key pair; empty for a permanent one.</summary>
    public Secret SecurityToken { get; init; } = Secret.None;

    /// <summary>Account (domain) name of the IAM user.</summary>
    public string Account { get; init; } = "";

    public string User { get; init; } = "";

    public Secret Password { get; init; } = Secret.None;

    /// <summary>Those of the settings.</summary>
    public static CloudCredentials Of(HuaweiOptions options) => new()
    {
        Authentication = options.Authentication,
        AccessKey = options.AccessKey,
        SecretKey = options.SecretKey,
        SecurityToken = options.SecurityToken,
        Account = options.Account,
        User = options.User,
        Password = options.Password,
    };

    /// <summary>All that the chosen way of authentication needs are there.</summary>
    public bool AreComplete => Needed().All(value => value.IsThere);

    /// <summary>The values that may not come back out of an answer.</summary>
    internal IEnumerable<string> Known => new[] { SecretKey, Password, SecurityToken }.Where(secret => !secret.IsEmpty).Select(secret => secret.Reveal());

    /// <summary>What cannot be used, as the name of the value and what is wrong with it; never the value.</summary>
    public IEnumerable<(string Name, string Problem)> Problems()
    {
        // Some without the others are a slip; none at all are a portal that is not set up yet.
        if (Needed().Any(value => value.IsThere))
        {
            foreach (var (name, _) in Needed().Where(value => !value.IsThere))
                yield return (name, $"is empty, although others for Huawei:Authentication {Authentication} are set.");
        }

        // These two become header values; anything else in them is a slip of copy and paste.
        if (AccessKey.Any(character => !FitsHeader(character)))
            yield return (nameof(AccessKey), "contains a space or a character that a header cannot carry.");
        if (SecurityToken.RevealBytes().ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            yield return (nameof(SecurityToken), "contains a space or a character that a header cannot carry.");
    }

    /// <summary>Whether the other are the same.</summary>
    public bool AreSameAs(CloudCredentials other) =>
        (Authentication, AccessKey, Account, User) == (other.Authentication, other.AccessKey, other.Account, other.User)
        && SecretKey.IsSameAs(other.SecretKey) && SecurityToken.IsSameAs(other.SecurityToken) && Password.IsSameAs(other.Password);

    (string Name, bool IsThere)[] Needed() => Authentication == CloudAuthentication.Password
        ? [(nameof(Account), Account.Length > 0), (nameof(User), User.Length > 0), (nameof(Password), !Password.IsEmpty)]
        : [(nameof(AccessKey), AccessKey.Length > 0), (nameof(SecretKey), !SecretKey.IsEmpty)];

    static bool FitsHeader(char character) => character is > ' ' and <= '~';
}
