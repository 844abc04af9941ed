using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Portal.Tests.Support;

/// <summary>The built portal as a process of its own, with a browser's cookies: for what only the whole program shows.</summary>
public sealed partial class PortalProgram : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly ConcurrentQueue<string> lines = new();
    readonly TaskCompletionSource<string> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Process process;
    readonly Task followed;

    PortalProgram(Process process)
    {
        this.process = process;
        followed = Task.WhenAll(FollowAsync(process.StandardOutput), FollowAsync(process.StandardError));
    }

    /// <summary>Follows no redirect, keeps cookies.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>What it said.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>Starts it in Development with personas and waits until it listens. Settings are given as <c>("Dispatch__Enabled", "false")</c> and win.</summary>
    public static async Task<PortalProgram> StartAsync(string connection, SimulatorProcess cloud, params (string Name, string Value)[] settings)
    {
        var dll = Path.Combine(Repository.Root, "src", "Portal", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Portal.dll");
        var start = new ProcessStartInfo("dotnet", [dll]) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        (string Name, string Value)[] usual =
        [
            ("ASPNETCORE_ENVIRONMENT", "Development"), ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("ConnectionStrings__Portal", connection), ("SignIn__Personas", "true"),
            ("Huawei__AccessKey", SimulatorProcess.AccessKey), ("Huawei__SecretKey", SimulatorProcess.SecretKey), ("Huawei__Endpoints__Iam", cloud.Endpoint("iam")),
            ("Huawei__Endpoints__Swr", cloud.Endpoint("swr")), ("Huawei__Endpoints__CodeArtsRepo", cloud.Endpoint("codearts")),
        ];
        foreach (var (name, value) in usual.Concat(settings))
        {
            start.Environment[name] = value;
        }

        var portal = new PortalProgram(Process.Start(start)!);
        if (await Task.WhenAny(portal.listening.Task, portal.process.WaitForExitAsync()).WaitAsync(Patience) != portal.listening.Task)
        {
            // It may still be in the pipe what it said last.
            await portal.followed.WaitAsync(Patience);
            throw new InvalidOperationException($"The portal ended with {portal.process.ExitCode}: {portal.Output}");
        }

        portal.Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
        {
            BaseAddress = new Uri(await portal.listening.Task),
            Timeout = Patience,
        };
        return portal;
    }

    /// <summary>Signs in as one of the personas, as the page's form does.</summary>
    public async Task SignInAsync(string persona, CancellationToken token)
    {
        var page = await Client.GetStringAsync("/signin", token);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = FormToken().Match(page).Groups[1].Value,
            ["persona"] = persona,
        });
        using var answer = await Client.PostAsync("/signin/persona", form, token);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    /// <summary>SIGTERM, and waits for its end; gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-s", "TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    // Read to the end, because a full pipe would stop the portal.
    async Task FollowAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lines.Enqueue(line);
            if (ListeningLine().Match(line) is { Success: true } match)
            {
                listening.TrySetResult(match.Groups[1].Value);
            }
        }
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningLine();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }
}
