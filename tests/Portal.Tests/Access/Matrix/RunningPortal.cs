using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Access;
using Portal.Tests.Support;

namespace Portal.Tests.Access.Matrix;

/// <summary>Program.cs itself, running in this process on a port of its own, with a cloud that is not there: its endpoints can be listed and asked.</summary>
sealed class RunningPortal : IAsyncDisposable
{
    static readonly AsyncLocal<TaskCompletionSource<IHost>?> Starting = new();

    readonly IHost host;
    readonly Task running;

    static RunningPortal() => DiagnosticListener.AllListeners.Subscribe(new Listeners());

    RunningPortal(IHost host, Task running, Uri address) => (this.host, this.running, Address) = (host, running, address);

    /// <summary>Where it answers.</summary>
    public Uri Address { get; }

    /// <summary>Every address that it maps.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints => [.. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>Starts it in Development with personas and a provider that is away, so that every endpoint there can be is there.</summary>
    public static async Task<RunningPortal> StartAsync(TestDatabase database)
    {
        string[] arguments =
        [
            "--environment=Development", "--applicationName=Portal", $"--contentRoot={Repository.Root}", "--urls=http://127.0.0.1:0",
            $"--ConnectionStrings:Portal={database.AppConnection}", "--SignIn:Personas=true", "--Dispatch:Enabled=false", "--Limits:Enabled=false",
            "--AzureAd:Authority=http://127.0.0.1:1", "--AzureAd:ClientId=portal", "--AzureAd:ClientSecret=none", "--SignIn:PublicOrigin=http://127.0.0.1:1", "--Logging:LogLevel:Default=None",
            "--Logging:LogLevel:Microsoft.AspNetCore=None", "--Logging:LogLevel:Microsoft.EntityFrameworkCore=None",
            $"--Huawei:AccessKey={SimulatorProcess.AccessKey}", $"--Huawei:SecretKey={SimulatorProcess.SecretKey}",
        ];
        var built = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = Task.Factory.StartNew(
            () =>
            {
                Starting.Value = built;
                typeof(PortalServices).Assembly.EntryPoint!.Invoke(null, [arguments]);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAny(built.Task, running);
        if (running.IsCompleted)
        {
            await running;
        }

        var host = await built.Task;
        var started = new TaskCompletionSource();
        await using var registration = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
        await Task.WhenAny(started.Task, running);
        if (running.IsCompleted)
        {
            await running;
        }

        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new RunningPortal(host, running, new Uri(address));
    }

    /// <summary>A browser that follows no redirect, with the sign-in of somebody or of nobody.</summary>
    public async Task<HttpClient> BrowserAsync(Actor? actor)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        if (actor is not null)
        {
            await using var scope = host.Services.CreateAsyncScope();
            var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
            await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, actor.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme));
            client.DefaultRequestHeaders.Add("Cookie", http.Response.Headers.SetCookie.Single()!.Split(';')[0]);
        }

        return client;
    }

    /// <summary>What an answer means for who asked: its status, or where it leads.</summary>
    public static string WordOf(HttpResponseMessage answer) => answer switch
    {
        { StatusCode: HttpStatusCode.Found, Headers.Location: { } to } => to.ToString().Contains("/signin", StringComparison.Ordinal) ? "to sign-in" : $"to {to}",
        _ => ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await running;
    }

    sealed class Listeners : IObserver<DiagnosticListener>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(new Hosts());
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    // As the framework's own tools find the host of a program: it is announced on the thread that builds it.
    sealed class Hosts : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilt", Value: IHost host })
            {
                Starting.Value?.TrySetResult(host);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
