using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Portal.FaultTests.Support;

/// <summary>A TCP proxy on loopback between a portal and the simulated cloud, which lets faults befall calls on their way.</summary>
public sealed class Wire : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource closing = new();
    readonly ConcurrentQueue<WireScript> scripts = new();
    readonly ConcurrentDictionary<string, int> writes = new(StringComparer.Ordinal);
    readonly Uri cloud;

    public Wire(Uri cloud)
    {
        this.cloud = cloud;
        listener.Start(512);
        _ = AcceptAsync();
    }

    /// <summary>Where the portal finds a service: <c>iam</c>, <c>swr</c> or <c>codearts</c>.</summary>
    public string Endpoint(string service) => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/{service}/{{region}}";

    /// <summary>How many POSTs with that word in their path have left the portal.</summary>
    public int WritesWith(string word) => writes.Where(call => call.Key.Contains(word, StringComparison.Ordinal)).Sum(call => call.Value);

    /// <summary>Scripts a fault for the next calls with that word in their path.</summary>
    public WireScript Script(string word, WireFault fault, int times = 1, string method = "POST")
    {
        var script = new WireScript(word, method, fault, times);
        scripts.Enqueue(script);
        return script;
    }

    async Task AcceptAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(closing.Token));
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var portal = client.GetStream();
                var resets = false;
                while (await WireMessage.ReadHeadAsync(portal, closing.Token) is { } call)
                {
                    if (resets)
                    {
                        Cut(client);
                        return;
                    }

                    if (call.Verb == "POST")
                    {
                        writes.AddOrUpdate(call.Path, 1, (_, count) => count + 1);
                    }

                    var script = scripts.FirstOrDefault(script => script.Meets(call.Verb, call.Path));
                    try
                    {
                        if (!await PassAsync(client, portal, call, script))
                        {
                            return;
                        }
                    }
                    finally
                    {
                        script?.End();
                    }

                    resets = script?.Fault == WireFault.ResetOnReuse;
                }
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One of the two ends is no longer there: so is the call.
            }
        }
    }

    /// <summary>False when the connection is over.</summary>
    async Task<bool> PassAsync(TcpClient client, NetworkStream portal, WireMessage call, WireScript? script)
    {
        switch (script?.Fault)
        {
            case WireFault.CutBeforeBody:
                script.Meet();
                Cut(client);
                return false;
            case WireFault.HoldHead:
                script.Meet();
                await script.Released;
                Cut(client);
                return false;
            case WireFault.CutInBody:
                await call.ReadBodyAsync(portal, call.Length / 2, closing.Token);
                using (var half = await ConnectAsync())
                {
                    await call.WriteAsync(half.GetStream(), closing.Token);
                    script.Meet();
                    Cut(client);
                    Cut(half);
                }

                return false;
        }

        await call.ReadBodyAsync(portal, call.Length, closing.Token);
        if (script?.Fault == WireFault.NeverAnswer)
        {
            script.Meet();
            await WhenClosedAsync(portal);
            return false;
        }

        if (script?.Fault == WireFault.HoldCall)
        {
            script.Meet();
            await script.Released.WaitAsync(closing.Token);
        }

        using var server = await ConnectAsync();
        await call.WriteAsync(server.GetStream(), closing.Token);
        using var answer = new MemoryStream();
        await server.GetStream().CopyToAsync(answer, closing.Token);
        var bytes = WireMessage.WithoutClose(answer.ToArray());
        script?.Meet();
        switch (script?.Fault)
        {
            case WireFault.CutAfterBody:
                Cut(client);
                return false;
            case WireFault.CutInAnswer:
                await portal.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), closing.Token);
                client.Client.Shutdown(SocketShutdown.Send);
                return false;
            case WireFault.HoldAnswer:
                await script.Released.WaitAsync(closing.Token);
                break;
            case WireFault.OneByteASecond:
                for (var at = 0; at < bytes.Length; at++)
                {
                    await portal.WriteAsync(bytes.AsMemory(at, 1), closing.Token);
                    await Task.Delay(TimeSpan.FromSeconds(1), closing.Token);
                }

                return false;
        }

        await portal.WriteAsync(bytes, closing.Token);
        return bytes.Length > 0;
    }

    async Task<TcpClient> ConnectAsync()
    {
        var server = new TcpClient();
        await server.ConnectAsync(cloud.Host, cloud.Port, closing.Token);
        return server;
    }

    async Task WhenClosedAsync(NetworkStream portal)
    {
        var one = new byte[1];
        while (await portal.ReadAsync(one, closing.Token) > 0)
        {
        }
    }

    // A reset: what the other end has not read yet is lost to it.
    static void Cut(TcpClient connection)
    {
        connection.LingerState = new LingerOption(enable: true, seconds: 0);
        connection.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        closing.Dispose();
    }
}
