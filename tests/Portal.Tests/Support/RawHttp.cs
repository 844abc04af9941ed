using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Portal.Tests.Support;

/// <summary>An answer as it came over the wire.</summary>
public sealed record RawAnswer(int Status, string Head, string Body)
{
    /// <summary>False for what the server refused before the portal saw it, such as a request that is no HTTP.</summary>
    public bool IsOfPortal => Head.Contains("Content-Security-Policy", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Sends bytes that an HTTP client would refuse to send.</summary>
public static class RawHttp
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends one request on a connection of its own and reads to the end.</summary>
    public static async Task<RawAnswer> SendAsync(Uri address, string method, byte[] target, IEnumerable<(string Name, byte[] Value)> headers, byte[]? body)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, limit.Token);
        List<byte> request = [];
        void Add(string text) => request.AddRange(Encoding.ASCII.GetBytes(text));
        Add(method + " ");
        request.AddRange(target);
        Add($" HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n");
        foreach (var (name, value) in headers)
        {
            Add(name + ": ");
            // A line break would be another header, which is another test.
            request.AddRange(value.Where(letter => letter is not ((byte)'\r' or (byte)'\n')));
            Add("\r\n");
        }

        if (body is not null)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n"));
        }

        Add("\r\n");
        request.AddRange(body ?? []);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(request.ToArray(), limit.Token);
        }
        catch (IOException)
        {
            // It was refused before it was read to its end; the answer may be there already.
        }

        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (IOException)
        {
            // As above.
        }

        return Read(Encoding.UTF8.GetString(answer.ToArray()));
    }

    static RawAnswer Read(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? new RawAnswer(0, text, "") : new RawAnswer(int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), text[..end], text[(end + 4)..]);
    }
}
