namespace Portal.Access;

/// <summary>What is counted together.</summary>
public enum CountedBy
{
    /// <summary>The signed-in person, wherever their browsers are; the address where nobody is signed in.</summary>
    Person,

    /// <summary>The network address: for what comes before a sign-in. IPv6 by its /64, which is one household or one machine room.</summary>
    Address,
}

/// <summary>How often one person, or one address, may do something on this node.</summary>
/// <param name="Name">As in the settings (<c>Limits:Submit:Permits</c>) and in the trail.</param>
/// <param name="Permits">So many times ...</param>
/// <param name="Seconds">... within any stretch of so many seconds.</param>
/// <param name="By">What is counted together.</param>
/// <param name="Path">The address whose requests are counted; ending in a slash, everything below it. Null where a service asks.</param>
public sealed record RateLimit(string Name, int Permits, int Seconds, CountedBy By, string? Path = null)
{
    const int Minute = 60;
    const int Hour = 60 * Minute;

    public static readonly RateLimit SignIn = new("SignIn", 10, Minute, CountedBy.Address, "/signin/");
    public static readonly RateLimit Callback = new("Callback", 20, Minute, CountedBy.Address, "/signin-oidc");
    public static readonly RateLimit BackChannelLogout = new("BackChannelLogout", 30, Minute, CountedBy.Address, "/signout-backchannel");

    /// <summary>Opening a page: a connection of its own each.</summary>
    public static readonly RateLimit Connect = new("Connect", 30, Minute, CountedBy.Person, "/_blazor/negotiate");

    public static readonly RateLimit Submit = new("Submit", 30, Minute, CountedBy.Person);
    public static readonly RateLimit Decide = new("Decide", 60, Minute, CountedBy.Person);

    /// <summary>Withdraw, cancel, retry, stop following, settle, pause and resume.</summary>
    public static readonly RateLimit Change = new("Change", 60, Minute, CountedBy.Person);

    /// <summary>The checks before a submit or a decision: several calls to the cloud each.</summary>
    public static readonly RateLimit Check = new("Check", 20, Minute, CountedBy.Person);

    /// <summary>Lists for pickers, which are asked for while somebody types.</summary>
    public static readonly RateLimit Lookup = new("Lookup", 120, Minute, CountedBy.Person);

    public static readonly RateLimit AuditSearch = new("AuditSearch", 60, Minute, CountedBy.Person);
    public static readonly RateLimit AuditExport = new("AuditExport", 5, Hour, CountedBy.Person);

    /// <summary>The whole table.</summary>
    public static IReadOnlyList<RateLimit> All { get; } =
        [SignIn, Callback, BackChannelLogout, Connect, Submit, Decide, Change, Check, Lookup, AuditSearch, AuditExport];

    /// <summary><see cref="Seconds"/> as a time.</summary>
    public TimeSpan Window => TimeSpan.FromSeconds(Seconds);
}
