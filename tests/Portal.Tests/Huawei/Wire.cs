using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Tests.Huawei;

/// <summary>A bare TCP server: the test says what each connection does; then it is closed.</summary>
sealed class Wire : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    int _connections;

    public Wire(Func<TcpClient, CancellationToken, Task> serve)
    {
        _listener.Start();
        Accepting = AcceptAsync(serve);
    }

    public string Address => $"http://{_listener.LocalEndpoint}";
    public int Connections => _connections;
    Task Accepting { get; }

    public static async Task ReadRequestAsync(TcpClient client, CancellationToken token)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        int read;
        while (!IsComplete(text.ToString()) && (read = await client.GetStream().ReadAsync(buffer, token)) > 0)
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
    }

    static bool IsComplete(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var length = text.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return length is null || text.Length - end - 4 >= int.Parse(length.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    async Task AcceptAsync(Func<TcpClient, CancellationToken, Task> serve)
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            Interlocked.Increment(ref _connections);
            _ = ServeAsync(serve, client);
        }
    }

    async Task ServeAsync(Func<TcpClient, CancellationToken, Task> serve, TcpClient client)
    {
        using (client)
            await serve(client, _end.Token);
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
    }
}
