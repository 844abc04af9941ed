using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Portal.Access;

/// <summary>
/// The proxies in front of the portal that are believed when they say for whom a request is and whether it came encrypted. From anybody
/// else these headers are worth nothing: whoever writes them could put any address into the trail.
/// </summary>
public static class Proxies
{
    /// <summary>Setting with addresses (<c>10.0.0.5</c>) and networks (<c>10.0.0.0/24</c>); empty when browsers reach the portal themselves.</summary>
    public const string Setting = "Proxies";

    /// <summary>Reads <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> of known proxies: one step, the last. Throws when the setting cannot be read.</summary>
    public static void UseProxies(this WebApplication app)
    {
        if (Known(app.Configuration) is { } known)
        {
            app.UseForwardedHeaders(known);
        }
    }

    static ForwardedHeadersOptions? Known(IConfiguration configuration)
    {
        var named = configuration.GetSection(Setting).Get<string[]>() ?? [];
        if (named.Length == 0)
        {
            return null;
        }

        var known = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        known.KnownProxies.Clear();
        known.KnownIPNetworks.Clear();
        foreach (var name in named)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                known.KnownProxies.Add(address);
            }
            else if (System.Net.IPNetwork.TryParse(name, out var network))
            {
                known.KnownIPNetworks.Add(network);
            }
            else
            {
                throw new RefusedSettingException($"{Setting} holds '{name}', which is neither an address such as 10.0.0.5 nor a network such as 10.0.0.0/24.");
            }
        }

        return known;
    }
}
