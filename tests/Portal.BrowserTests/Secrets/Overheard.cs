using System.Text;

namespace Portal.BrowserTests.Secrets;

/// <summary>Everything that reaches the browser of one person: answers, and what the hub sends and is sent.</summary>
sealed class Overheard
{
    readonly List<byte[]> heard = [];
    readonly List<Task> bodies = [];
    readonly Lock gate = new();

    public Overheard(IPage page)
    {
        page.WebSocket += (_, socket) =>
        {
            socket.FrameReceived += (_, frame) => Add(frame);
            socket.FrameSent += (_, frame) => Add(frame);
        };
        page.Response += (_, response) =>
        {
            lock (gate)
            {
                bodies.Add(KeepAsync(response));
            }
        };
    }

    /// <summary>All of it so far.</summary>
    public async Task<byte[]> BytesAsync()
    {
        Task[] open;
        lock (gate)
        {
            open = [.. bodies];
        }

        await Task.WhenAll(open);
        lock (gate)
        {
            return [.. heard.SelectMany(bytes => bytes)];
        }
    }

    async Task KeepAsync(IResponse response)
    {
        Add(Encoding.UTF8.GetBytes(response.Url));
        try
        {
            Add(await response.BodyAsync());
        }
        catch (PlaywrightException)
        {
            // A redirect has no body, and that of a page that was left is gone.
        }
    }

    void Add(IWebSocketFrame frame) => Add(frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? ""));

    void Add(byte[] bytes)
    {
        lock (gate)
        {
            heard.Add(bytes);
        }
    }
}
