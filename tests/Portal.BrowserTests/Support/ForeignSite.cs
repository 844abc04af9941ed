using System.Net;
using System.Net.Sockets;

namespace Portal.BrowserTests.Support;

/// <summary>A web server of somebody else's, with one page. It is a real one on loopback: browsers treat pages that only a test made up as pages of the internet.</summary>
public sealed class ForeignSite : IAsyncDisposable
{
    static readonly byte[] Answer =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 53\r\nConnection: close\r\n\r\n<!doctype html><title>Foreign</title><p>Look here</p>"u8.ToArray();

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly Task serving;

    public ForeignSite()
    {
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>The same site as the portal to a browser, because ports do not count, but another origin.</summary>
    public string OnAnotherPort => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Another site altogether.</summary>
    public string OnAnotherHost => $"http://foreign.localhost:{((IPEndPoint)listener.LocalEndpoint).Port}";

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().ReadAtLeastAsync(new byte[8192], 1, throwOnEndOfStream: false);
                await client.GetStream().WriteAsync(Answer);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or IOException)
        {
            // It was closed.
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await serving;
    }
}
