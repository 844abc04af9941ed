using System.Net;
using System.Net.Sockets;

namespace Portal.Access;

/// <summary>The portal refused to connect; nothing has left it.</summary>
public sealed class EgressRefusedException(string message) : IOException(message);

/// <summary>
/// Lets an HTTP client of the portal connect only to hosts on its list, and there only to addresses of the internet. The address that is
/// checked is the one that the connection is made to, so that a name which resolves to something else a moment later gains nothing.
/// </summary>
/// <param name="configuration">Holds <see cref="Setting"/>. Throws, naming it, when it cannot be read.</param>
public sealed class Egress(IConfiguration configuration)
{
    /// <summary>Setting with networks (<c>10.20.0.0/16</c>) in which listed hosts may be although they are not of the internet.</summary>
    public const string Setting = "Egress:AllowedNetworks";

    readonly IPNetwork[] allowed = [.. (configuration.GetSection(Setting).Get<string[]>() ?? []).Select(text => IPNetwork.TryParse(text, out var network)
        ? network
        : throw new RefusedSettingException($"{Setting} holds '{text}', which is not a network such as 10.20.0.0/16."))];

    /// <summary>Finds the addresses of a host; tests put names in here.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>
    /// Restricts a client. Behind a proxy of the environment only the host is checked: it is the proxy that resolves names then, and it is
    /// of whoever runs the portal.
    /// </summary>
    /// <param name="handler">The handler of the client.</param>
    /// <param name="isListed">Whether a host, as in <see cref="Uri.IdnHost"/>, may be called at all.</param>
    public void Restrict(SocketsHttpHandler handler, Predicate<string> isListed) => handler.ConnectCallback = async (context, token) =>
    {
        var wanted = context.InitialRequestMessage.RequestUri!.IdnHost;
        if (!isListed(wanted))
        {
            throw new EgressRefusedException($"the host {Cut(wanted)} is not one that the portal calls");
        }

        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var isProxy = handler.UseProxy && !string.Equals(host, wanted, StringComparison.OrdinalIgnoreCase);
        var addresses = await AddressesOfAsync(host, token);
        var open = isProxy ? addresses : [.. addresses.Where(address => MayConnect(host, address))];
        return open.Length > 0
            ? await ConnectAsync(open, port, token)
            : throw new EgressRefusedException($"{Cut(host)} leads to {addresses[0]}, which is no address of the internet");
    };

    /// <summary>True when a listed host may be at this address.</summary>
    public bool MayConnect(string host, IPAddress address)
    {
        var plain = SpecialNetworks.Plain(address);
        return !SpecialNetworks.Contain(plain)
            || allowed.Any(network => network.Contains(plain))
            // Whoever lists this machine itself means it; a name that only leads here does not.
            || (IPAddress.IsLoopback(plain) && IsThisMachine(host));
    }

    static bool IsThisMachine(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    async Task<IPAddress[]> AddressesOfAsync(string host, CancellationToken token)
    {
        var addresses = IPAddress.TryParse(host, out var address) ? [address] : await Resolve(host, token);
        return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
    }

    static async Task<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken token)
    {
        for (var at = 0; ; at++)
        {
            var socket = new Socket(addresses[at].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses[at], port, token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (at + 1 < addresses.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    static string Cut(string host) => host.Length > 100 ? host[..100] + "…" : host;
}
