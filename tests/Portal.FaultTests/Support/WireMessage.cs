using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Portal.FaultTests.Support;

/// <summary>An HTTP message as bytes, with as much understood of it as the wire needs.</summary>
sealed class WireMessage
{
    const int LongestHead = 300_000;

    readonly List<byte> bytes;
    readonly int headEnd;

    WireMessage(List<byte> bytes, int headEnd, string[] lines)
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
    public static async Task<WireMessage?> ReadHeadAsync(NetworkStream from, CancellationToken token)
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
            var end = CollectionsMarshal.AsSpan(bytes).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return new WireMessage(bytes, end + 4, Encoding.ASCII.GetString([.. bytes.Take(end)]).Split("\r\n"));
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
