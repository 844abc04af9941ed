using System.Net;
using System.Net.Sockets;

namespace Portal.Access;

/// <summary>
/// Addresses that are no machine on the internet (IANA's special-purpose registries): this machine, the local network, the metadata service
/// of a cloud. A name that leads there is a mistake or an attack.
/// </summary>
public static class SpecialNetworks
{
    static readonly IPNetwork[] Version4 = Of(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
        "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");

    // Of what is global unicast: Teredo and other protocols' own, documentation, and 6to4, which carries a version 4 address past the list above.
    static readonly IPNetwork[] Version6 = Of("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");

    static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>The address that is really meant: version 4 written as version 6, or translated to it (RFC 6052), is version 4.</summary>
    public static IPAddress Plain(IPAddress address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4(),
        { AddressFamily: AddressFamily.InterNetworkV6 } when Translated.Contains(WithoutScope(address)) => new IPAddress(address.GetAddressBytes().AsSpan(12)),
        _ => address,
    };

    /// <summary>True for an address that the portal has no business at.</summary>
    public static bool Contain(IPAddress address)
    {
        var plain = Plain(address);
        return plain.AddressFamily switch
        {
            AddressFamily.InterNetwork => Version4.Any(network => network.Contains(plain)),
            AddressFamily.InterNetworkV6 when plain.ScopeId == 0 => !GlobalUnicast.Contains(plain) || Version6.Any(network => network.Contains(plain)),
            _ => true,
        };
    }

    static IPAddress WithoutScope(IPAddress address) => new(address.GetAddressBytes());

    static IPNetwork[] Of(params string[] networks) => [.. networks.Select(IPNetwork.Parse)];
}
