using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Huawei;

namespace Portal.Tests.Huawei;

/// <summary>A request as it came off the wire.</summary>
public sealed record Received(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body, string Connection)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A real HTTP server on loopback that records what it gets and answers as the test says.</summary>
public sealed class CloudServer : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentQueue<Received> _received = new();

    CloudServer(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();
    public IReadOnlyList<Received> Requests => [.. _received];
    public IReadOnlyList<Received> To(string part) => [.. _received.Where(request => request.Target.Contains(part, StringComparison.Ordinal))];

    public static async Task<CloudServer> StartAsync(Func<HttpContext, Received, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestHeadersTotalSize = 256 * 1024);
        var server = new CloudServer(builder.Build());
        server._app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var received = new Received(
                context.Request.Method,
                context.Features.Get<IHttpRequestFeature>()!.RawTarget,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray(),
                context.Connection.Id);
            server._received.Enqueue(received);
            await answer(context, received);
        });
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Answers everything with one JSON text.</summary>
    public static Task<CloudServer> AnsweringAsync(int status, string body, string contentType = "application/json") =>
        StartAsync((context, _) => context.AnswerAsync(status, body, contentType));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

static class Answering
{
    public static Task AnswerAsync(this HttpContext context, int status, string body, string contentType = "application/json")
    {
        context.Response.StatusCode = status;
        if (contentType.Length > 0)
            context.Response.ContentType = contentType;
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
    }

    /// <summary>A token that lives as long as the test says, 24 hours as the cloud's do.</summary>
    public static Task TokenAsync(this HttpContext context, string token, string issued = "2026-09-01T00:00:00.000000Z", string expires = "2026-09-02T00:00:00.000000Z")
    {
        context.Response.Headers["X-Subject-Token"] = token;
        return context.AnswerAsync(201, $$$"""{"token":{"issued_at":"{{{issued}}}","expires_at":"{{{expires}}}"}}""");
    }
}

/// <summary>A clock that stands still until the test moves it; its timers are real.</summary>
sealed class HandClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;
    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>The client as the portal builds it, pointed at a server of the test.</summary>
static class Client
{
    public static ServiceProvider Services(string address, TimeProvider? clock, params ReadOnlySpan<(string Name, string Value)> settings) =>
        Collection(address, clock, settings).BuildServiceProvider(validateScopes: true);

    public static ServiceCollection Collection(string address, TimeProvider? clock, params ReadOnlySpan<(string Name, string Value)> settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Huawei:AccessKey"] = "AKEXAMPLE00000000001",
            ["Huawei:SecretKey"] = "skExample/0123456789+abcdefghijklmnopqr",
            ["Huawei:Endpoints:Iam"] = address + "/iam/{region}",
            ["Huawei:Endpoints:Swr"] = address + "/swr/{region}",
            ["Huawei:Endpoints:CodeArtsRepo"] = address + "/codearts/{region}",
            ["Huawei:TimeoutSeconds"] = "20",
        };
        foreach (var (name, value) in settings)
            all["Huawei:" + name] = value;
        var services = new ServiceCollection();
        services.AddSingleton(clock ?? TimeProvider.System);
        services.AddHuawei(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
        return services;
    }

    public static CloudClient For(string address, params ReadOnlySpan<(string Name, string Value)> settings) =>
        Services(address, null, settings).GetRequiredService<CloudClient>();

    public static CloudClient WithPassword(string address, TimeProvider? clock = null) =>
        Services(address, clock, PasswordSettings).GetRequiredService<CloudClient>();

    public static readonly (string, string)[] PasswordSettings =
        [("Authentication", "Password"), ("Account", "acme"), ("User", "portal"), ("Password", "p4ss-w0rd!secret")];
}
