using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Portal.Tests.Support;

namespace Portal.BrowserTests.Support;

/// <summary>
/// The built portal as a process of its own, as ./run.sh starts it: in Development, with personas, as the less-privileged role, with the
/// simulator as its cloud. It can be killed and started again on the same database and port.
/// </summary>
public sealed partial class PortalProcess : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Dictionary<string, string> settings;
    readonly ConcurrentQueue<string> lines = new();
    readonly ConcurrentQueue<string> everything = new();
    Process process;

    PortalProcess(Dictionary<string, string> settings, Process process) => (this.settings, this.process) = (settings, process);

    /// <summary>Where it answers, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>All it ever wrote, line by line.</summary>
    public IReadOnlyCollection<string> Said => everything;

    /// <summary>What it logged as an error since the last call.</summary>
    public IReadOnlyList<string> TakeErrors() => [.. TakeLines().Where(line => ErrorLine().IsMatch(line))];

    /// <summary>Everything that it logged since the last call.</summary>
    public IReadOnlyList<string> TakeLines()
    {
        List<string> taken = [];
        while (lines.TryDequeue(out var line))
        {
            taken.Add(line);
        }

        return taken;
    }

    /// <summary>Starts it on a port that the operating system picks, and waits until it is ready. Further settings win.</summary>
    public static async Task<PortalProcess> StartAsync(PortalDatabase database, SimulatorProcess simulator, params (string Name, string Value)[] further)
    {
        Dictionary<string, string> settings = new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ConnectionStrings__Portal"] = database.AppConnection,
            ["SignIn__Personas"] = "true",
            // Five personas stand for the people of all tests, each of whom has a browser of their own.
            ["Sessions__PerPerson"] = "100",
            // All tests are the same few people, who do in a minute what others do in a week.
            ["Limits__Enabled"] = "false",
            ["Limits__OpenPages"] = "1000",
            ["Huawei__AccessKey"] = SimulatorProcess.AccessKey,
            ["Huawei__SecretKey"] = SimulatorProcess.SecretKey,
            ["Huawei__Endpoints__Iam"] = simulator.Endpoint("iam"),
            ["Huawei__Endpoints__Swr"] = simulator.Endpoint("swr"),
            ["Huawei__Endpoints__CodeArtsRepo"] = simulator.Endpoint("codearts"),
        };
        foreach (var (name, value) in further)
        {
            settings[name] = value;
        }

        var portal = new PortalProcess(settings, Start(settings));
        await portal.WhenReadyAsync();
        return portal;
    }

    /// <summary>Runs it with these settings until it ends by itself, for starts that must fail; gives its exit code and what it said.</summary>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(PortalDatabase database, params (string Name, string Value)[] settings)
    {
        Dictionary<string, string> all = new() { ["ConnectionStrings__Portal"] = database.AppConnection, ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        using var process = Start(all);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new InvalidOperationException($"The portal started and stayed: {await output}");
        }

        return (process.ExitCode, await output + await errors);
    }

    /// <summary>SIGKILL: it gets no chance to write anything more.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Starts it again as it was, on the same port.</summary>
    public async Task StartAgainAsync()
    {
        process.Dispose();
        process = Start(settings);
        await WhenReadyAsync();
    }

    async Task WhenReadyAsync()
    {
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = FollowAsync(process.StandardOutput, listening);
        _ = FollowAsync(process.StandardError, listening);
        var ended = process.WaitForExitAsync();
        if (await Task.WhenAny(listening.Task, ended).WaitAsync(Patience) == ended)
        {
            throw new InvalidOperationException($"The portal ended with {process.ExitCode}: {string.Join('\n', lines)}");
        }

        Address = await listening.Task;
        settings["ASPNETCORE_URLS"] = Address;
        // Some tests speak https with a certificate that they made themselves.
        using var client = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator });
        using var patience = new CancellationTokenSource(Patience);
        while ((await client.GetAsync($"{Address}/health/ready", patience.Token)).StatusCode != HttpStatusCode.OK)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    // Read to the end, because a full pipe would stop the portal.
    async Task FollowAsync(StreamReader output, TaskCompletionSource<string> listening)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lines.Enqueue(line);
            everything.Enqueue(line);
            if (ListeningLine().Match(line) is { Success: true } match)
            {
                listening.TrySetResult(match.Groups[1].Value);
            }
        }
    }

    static Process Start(Dictionary<string, string> settings) => Process.Start(Programs.StartOf(Programs.Portal, settings))!;

    // One line each, as LineFormatter writes them in Development and JsonLineFormatter elsewhere.
    [GeneratedRegex(@"^(fail|crit): |^\{.*""level"":""(Error|Critical)""")]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"Now listening on: (https?://127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningLine();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }
}
