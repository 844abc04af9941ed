using System.Collections.Concurrent;

namespace Portal.Access;

/// <summary>
/// How many pages each person has open on this node: an open page holds memory here for as long as it is open. A page whose connection is
/// away does not count; the framework keeps few of these, and only for minutes.
/// </summary>
public sealed class OpenPages
{
    /// <summary>Setting with the most pages of one person; what comes beyond shows a notice instead.</summary>
    public const string Setting = "Limits:OpenPages";

    /// <summary>What the setting is when nothing is set.</summary>
    public const int Default = 10;

    readonly ConcurrentDictionary<string, int> connected = new(StringComparer.Ordinal);
    readonly int most;

    /// <summary>Throws, naming the setting, when it cannot be meant.</summary>
    public OpenPages(IConfiguration configuration)
    {
        most = configuration.GetValue(Setting, Default);
        if (most is < 1 or > 100_000)
        {
            throw new RefusedSettingException($"{Setting} is {most}; it must be from 1 to 100000.");
        }
    }

    /// <summary>Counts one more page of somebody; false when that is one too many.</summary>
    public bool Connect(string who) => connected.AddOrUpdate(who, 1, (_, count) => count + 1) <= most;

    /// <summary>Counts one page less.</summary>
    public void Disconnect(string who)
    {
        // Only a zero that nobody has changed meanwhile is taken out.
        if (connected.AddOrUpdate(who, 0, (_, count) => count - 1) <= 0)
        {
            ((ICollection<KeyValuePair<string, int>>)connected).Remove(KeyValuePair.Create(who, 0));
        }
    }

    /// <summary>How many pages somebody has open now.</summary>
    public int CountOf(string who) => connected.GetValueOrDefault(who);

    /// <summary>
    /// True for somebody who has twice as many as they may, notices included: whoever opens pages that fast is no person, and gets no further connection.
    /// </summary>
    public bool IsFlood(string who) => CountOf(who) >= 2 * most;
}
