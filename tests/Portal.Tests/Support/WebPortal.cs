using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Tests.Support;

/// <summary>The whole portal in this process, started by its own Program.cs and listening on a port: what it answers to real HTTP, and what it logged.</summary>
public sealed partial class WebPortal : IAsyncDisposable
{
    static readonly AsyncLocal<TaskCompletionSource<IHost>?> Starting = new();

    readonly IHost host;
    readonly Task running;
    readonly ErrorLog errors = new();

    static WebPortal() => DiagnosticListener.AllListeners.Subscribe(new Listeners());

    WebPortal(IHost host, Task running)
    {
        (this.host, this.running) = (host, running);
        host.Services.GetRequiredService<ILoggerFactory>().AddProvider(errors);
    }

    /// <summary>Where it answers, without a slash at the end.</summary>
    public string Address => host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Its services.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>What it logged as an error or worse.</summary>
    public IReadOnlyCollection<string> Errors => errors.Lines;

    /// <summary>Starts it in Development with personas, on a free port. Further settings win.</summary>
    public static async Task<WebPortal> StartAsync(TestDatabase database, SimulatorProcess cloud, params (string Name, string Value)[] further)
    {
        Dictionary<string, string> settings = new()
        {
            ["environment"] = "Development",
            ["applicationName"] = "Portal",
            ["contentRoot"] = Repository.Root,
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:Portal"] = database.AppConnection,
            ["SignIn:Personas"] = "true",
            ["Huawei:AccessKey"] = SimulatorProcess.AccessKey,
            ["Huawei:SecretKey"] = SimulatorProcess.SecretKey,
            ["Huawei:Endpoints:Iam"] = cloud.Endpoint("iam"),
            ["Huawei:Endpoints:Swr"] = cloud.Endpoint("swr"),
            ["Huawei:Endpoints:CodeArtsRepo"] = cloud.Endpoint("codearts"),
            ["Dispatch:Enabled"] = "false",
            ["Logging:LogLevel:Default"] = "Warning",
        };
        foreach (var (name, value) in further)
        {
            settings[name] = value;
        }

        string[] arguments = [.. settings.Select(setting => $"--{setting.Key}={setting.Value}")];
        var built = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starting.Value = built;
        var running = Task.Factory.StartNew(
            () => typeof(PortalServices).Assembly.EntryPoint!.Invoke(null, [arguments]), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Starting.Value = null;
        await await Task.WhenAny(built.Task, running);
        var host = await built.Task;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => started.TrySetResult());
        await await Task.WhenAny(started.Task, running);
        return new WebPortal(host, running);
    }

    /// <summary>A browser without pages: keeps cookies, follows no redirects, says that requests come from the portal's own pages.</summary>
    public HttpClient Browser() => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
    {
        BaseAddress = new Uri(Address),
    };

    /// <summary>A browser in which a persona is signed in.</summary>
    public async Task<HttpClient> SignInAsync(string persona)
    {
        var browser = Browser();
        using var answer = await SignInAsync(browser, persona);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return browser;
    }

    /// <summary>Presses the button of a persona on the sign-in page.</summary>
    public static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string persona)
    {
        using var form = new FormUrlEncodedContent([new("persona", persona), new("__RequestVerificationToken", await TokenAsync(browser))]);
        return await browser.PostAsync(new Uri("/signin/persona", UriKind.Relative), form);
    }

    /// <summary>The antiforgery token of the sign-in page.</summary>
    public static async Task<string> TokenAsync(HttpClient browser) =>
        AntiforgeryField().Match(await browser.GetStringAsync(new Uri("/signin", UriKind.Relative))).Groups[1].Value;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await running;
    }

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryField();

    /// <summary>Hears of every host that is built; the one that was started here is known by the flow it was built in.</summary>
    sealed class Listeners : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilt", Value: IHost built })
            {
                Starting.Value?.TrySetResult(built);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    sealed class ErrorLog : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Lines);

        public void Dispose()
        {
        }

        sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel))
                {
                    lines.Enqueue($"{category}: {formatter(state, exception)} {exception}");
                }
            }
        }
    }
}
