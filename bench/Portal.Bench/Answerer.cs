using System.Collections.Concurrent;

namespace Portal.Bench;

/// <summary>A cloud that answers everything at once, on loopback: what is left is the portal's own time. Notes when a write came and when it was answered.</summary>
public sealed class Answerer : IAsyncDisposable
{
    static readonly byte[] Thing = """{"id":1,"name":"bench","namespace":"bench"}"""u8.ToArray();
    static readonly byte[] None = "[]"u8.ToArray();
    static readonly byte[] Empty = "{}"u8.ToArray();

    readonly WebApplication app;

    Answerer(WebApplication app, string address) => (this.app, Address) = (app, address);

    /// <summary>"http://127.0.0.1:1234".</summary>
    public string Address { get; }

    /// <summary>For each written path, when the write came and when its answer was on its way.</summary>
    public ConcurrentDictionary<string, (DateTime Came, DateTime Answered)> Writes { get; } = new();

    /// <summary>Starts to listen on a free port.</summary>
    public static async Task<Answerer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        Answerer? answerer = null;
        app.Run(context => answerer!.AnswerAsync(context));
        await app.StartAsync();
        answerer = new Answerer(app, app.Urls.Single());
        return answerer;
    }

    async Task AnswerAsync(HttpContext context)
    {
        var came = TimeProvider.System.GetUtcNow().UtcDateTime;
        var path = context.Request.Path.Value!;
        var write = !HttpMethods.IsGet(context.Request.Method);
        var body = write ? Empty : path.EndsWith("/sync_repo", StringComparison.Ordinal) ? None : Thing;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
        if (write)
        {
            Writes[path] = (came, TimeProvider.System.GetUtcNow().UtcDateTime);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => app.DisposeAsync();
}
