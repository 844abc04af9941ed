using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.FaultTests.Support;

/// <summary>What befalls a call on its way.</summary>
public enum WireFault
{
    /// <summary>The connection is cut when the headers are there.</summary>
    CutBeforeBody,

    /// <summary>The connection is cut when half of the body has been passed on.</summary>
    CutInBody,

    /// <summary>The call is passed on in full; then the connection is cut.</summary>
    CutAfterBody,

    /// <summary>The call is carried out; half of the answer comes back.</summary>
    CutInAnswer,

    /// <summary>The call is held when its headers are there, until somebody lets go: then it is dropped.</summary>
    HoldHead,

    /// <summary>The call is held when all of it is there, until somebody lets go: then it is passed on, even if nobody waits for the answer.</summary>
    HoldCall,

    /// <summary>The call is carried out and its answer held, until somebody lets go: then it is passed on.</summary>
    HoldAnswer,

    /// <summary>Read and never answered, nor passed on.</summary>
    NeverAnswer,

    /// <summary>The answer comes back one byte a second.</summary>
    OneByteASecond,

    /// <summary>The connection is kept open after the answer; a second call on it is cut.</summary>
    ResetOnReuse,
}

/// <summary>A fault for calls of one method whose path holds a word.</summary>
public sealed class WireScript(string word, string method, WireFault fault, int times)
{
    readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int left = times;

    /// <summary>What befalls them.</summary>
    public WireFault Fault => fault;

    /// <summary>Ends when the first call has come to the point of the fault.</summary>
    public Task Met => met.Task.WaitAsync(PortalNode.Patience);

    /// <summary>True when a call met it.</summary>
    public bool Bit => met.Task.IsCompleted;

    /// <summary>Ends when what is held is let go.</summary>
    public Task Released => released.Task;

    /// <summary>Ends when the wire is done with the first call that met it.</summary>
    public Task Over => over.Task.WaitAsync(PortalNode.Patience);

    /// <summary>Lets go what is held, now and later.</summary>
    public void Release() => released.TrySetResult();

    internal bool Meets(string verb, string path) =>
        verb == method && path.Contains(word, StringComparison.Ordinal) && Interlocked.Decrement(ref left) >= 0;

    internal void Meet() => met.TrySetResult();

    internal void End() => over.TrySetResult();
}

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
                while (await Message.ReadHeadAsync(portal, closing.Token) is { } call)
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
    async Task<bool> PassAsync(TcpClient client, NetworkStream portal, Message call, WireScript? script)
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
        var bytes = Message.WithoutClose(answer.ToArray());
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

/// <summary>An HTTP message as bytes, with as much understood of it as the wire needs.</summary>
sealed class Message
{
    const int LongestHead = 300_000;

    readonly List<byte> bytes;
    readonly int headEnd;

    Message(List<byte> bytes, int headEnd, string[] lines)
    {
        (this.bytes, this.headEnd) = (bytes, headEnd);
        var words = lines[0].Split(' ');
        (Verb, Path) = (words[0], words[1]);
        Length = lines.Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line["Content-Length:".Length..], CultureInfo.InvariantCulture)).FirstOrDefault();
    }

    public string Verb { get; }

    public string Path { get; }

    /// <summary>Of the body.</summary>
    public int Length { get; }

    /// <summary>The next call's head, with what has come of its body; null when the connection ended.</summary>
    public static async Task<Message?> ReadHeadAsync(NetworkStream from, CancellationToken token)
    {
        List<byte> bytes = [];
        var buffer = new byte[16 * 1024];
        while (bytes.Count < LongestHead)
        {
            var count = await from.ReadAsync(buffer, token);
            if (count == 0)
            {
                return null;
            }

            bytes.AddRange(buffer.AsSpan(0, count));
            var end = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return new Message(bytes, end + 4, Encoding.ASCII.GetString([.. bytes.Take(end)]).Split("\r\n"));
            }
        }

        throw new IOException("The head of the call has no end.");
    }

    /// <summary>Reads until so much of the body is there.</summary>
    public async Task ReadBodyAsync(NetworkStream from, int length, CancellationToken token)
    {
        var buffer = new byte[16 * 1024];
        while (bytes.Count < headEnd + length)
        {
            var count = await from.ReadAsync(buffer, token);
            if (count == 0)
            {
                throw new IOException("The call ended before its body.");
            }

            bytes.AddRange(buffer.AsSpan(0, count));
        }

        bytes.RemoveRange(headEnd + length, bytes.Count - headEnd - length);
    }

    /// <summary>Passes on what is there, on a connection of its own; the signature does not cover the header that says so.</summary>
    public async Task WriteAsync(NetworkStream to, CancellationToken token)
    {
        var firstLine = bytes.IndexOf((byte)'\n') + 1;
        await to.WriteAsync((byte[])[.. bytes.Take(firstLine), .. "Connection: close\r\n"u8, .. bytes.Skip(firstLine)], token);
    }

    /// <summary>The answer without the header that would end the portal's connection too.</summary>
    public static byte[] WithoutClose(byte[] answer)
    {
        var header = "Connection: close\r\n"u8;
        var at = answer.AsSpan().IndexOf(header);
        return at < 0 ? answer : [.. answer[..at], .. answer[(at + header.Length)..]];
    }
}
