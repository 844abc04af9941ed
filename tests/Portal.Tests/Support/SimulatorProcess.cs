using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Tests.Support;

/// <summary>The cloud simulator as a real process on a free loopback port, with its control API as methods. It ends with the test process, however that ends.</summary>
public sealed class SimulatorProcess : IAsyncDisposable
{
    public const string Account = "portal-demo";
    public const string User = "portal-robot";
    public const string Password = "Simulator-password-1";
    public const string AccessKey = "SIMULATORACCESSKEY01";
    public const string SecretKey = "simulator/secret+key-for-demonstrations01";
    const string ReadyLine = "Cloud simulator ready: ";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process _process;

    SimulatorProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        Control = new HttpClient { BaseAddress = address, Timeout = Patience };
    }

    /// <summary>Root of everything it serves, for example <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri Address { get; }

    /// <summary>For the control API, and for calls that need no credential.</summary>
    public HttpClient Control { get; }

    /// <summary>Endpoint settings for the portal: <c>iam</c>, <c>swr</c> or <c>codearts</c>, with <c>{region}</c> left in.</summary>
    public string Endpoint(string service) => $"{Address.GetLeftPart(UriPartial.Authority)}/{service}/{{region}}";

    /// <summary>Starts it on a port that the operating system picks. The further arguments are settings such as <c>--Simulator:JobSeconds=0</c>.</summary>
    public static async Task<SimulatorProcess> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[ProgramPath(), "--urls", "http://127.0.0.1:0", "--stop-when-input-ends", .. arguments])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException("The cloud simulator did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.StartsWith(ReadyLine, StringComparison.Ordinal))
                continue;
            // Nobody reads on: without this a full pipe would stop the simulator.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return new SimulatorProcess(process, new Uri(line[ReadyLine.Length..]));
        }
        throw new InvalidOperationException($"The cloud simulator ended at once: {await errors}");
    }

    /// <summary>The simulator's program, built in the same configuration as the tests.</summary>
    public static string ProgramPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = folder.Parent!.Name;
        while (!File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("Portal.sln is in no folder above the tests.");
        return Path.Combine(folder.FullName, "src", "CloudSimulator", "bin", configuration, "net10.0", "CloudSimulator.dll");
    }

    /// <summary>How often the thing really happened in the cloud, for example <c>mirror:cn-north-4/2111733</c>.</summary>
    public async Task<int> EffectsAsync(string target) =>
        (await GetAsync($"control/effects?target={Uri.EscapeDataString(target)}"))["count"]!.GetValue<int>();

    /// <summary>All effects by target.</summary>
    public async Task<IReadOnlyDictionary<string, int>> EffectsAsync() =>
        (await GetAsync("control/effects"))["effects"].Deserialize<Dictionary<string, int>>()!;

    /// <summary>The calls received, oldest first: <c>method</c>, <c>path</c>, <c>status</c>, <c>fault</c>, <c>ended</c>.</summary>
    public async Task<JsonArray> CallsAsync() => (await GetAsync("control/calls"))["calls"]!.AsArray();

    /// <summary>The bodies of mirror starts exactly as they arrived.</summary>
    public async Task<IReadOnlyList<string>> InboxAsync() =>
        [.. (await GetAsync("control/inbox"))["inbox"]!.AsArray().Select(entry => entry!["body"]!.GetValue<string>())];

    /// <summary>Scripts a fault by a preset's name for the next matching call, or for so many.</summary>
    public Task FaultAsync(string preset, string? pathContains = null, string? method = null, int times = 1) =>
        PostAsync("control/faults", new { preset, match = new { pathContains, method }, times });

    /// <summary>Scripts any fault; README.md of the simulator names the fields.</summary>
    public Task FaultAsync(object fault) => PostAsync("control/faults", fault);

    /// <summary>Forgets all faults and lets held calls go on.</summary>
    public async Task ClearFaultsAsync() => (await Control.DeleteAsync("control/faults", CancellationToken.None)).EnsureSuccessStatusCode();

    /// <summary>Returns when so many calls are held or left hanging.</summary>
    public async Task WhenWaitingAsync(int calls = 1) => await GetAsync($"control/faults/waiting?count={calls}");

    /// <summary>Lets held calls go on.</summary>
    public Task ReleaseAsync() => PostAsync("control/faults/release", new { });

    /// <summary>Back to the sample data: effects, calls, faults, clock and all.</summary>
    public Task ResetAsync() => PostAsync("control/reset", new { });

    /// <summary>Makes every token issued so far answer APIGW.0307.</summary>
    public Task InvalidateTokensAsync() => PostAsync("control/tokens/invalidate", new { });

    /// <summary>Moves the cloud's time on, so that jobs and mirrors end without waiting.</summary>
    public Task AdvanceAsync(TimeSpan by) => PostAsync("control/clock/advance", new { seconds = by.TotalSeconds });

    /// <summary>How long jobs and mirrors take from now on; 0 ends them at once.</summary>
    public Task PaceAsync(double? jobSeconds = null, double? mirrorSeconds = null) => PostAsync("control/pace", new { jobSeconds, mirrorSeconds });

    /// <summary>Shape of all SWR errors: <c>a</c>, <c>b</c>, <c>c</c> or <c>usual</c>.</summary>
    public Task ErrorShapeAsync(string shape) => PostAsync("control/errors/shape", new { shape });

    /// <summary>HTTP status of a duplicate rule: 400 or 409.</summary>
    public Task DuplicateStatusAsync(int status) => PostAsync("control/duplicates", new { status });

    /// <summary>Somebody pushes an image to the registry.</summary>
    public Task PushAsync(string region, string @namespace, string repository, string tag) => PostAsync("control/push", new { region, @namespace, repository, tag });

    /// <summary>How the next run of a mirror goes.</summary>
    public Task ScriptMirrorAsync(string region, int id, bool fail = false, string? error = null, double? delaySeconds = null) =>
        PostAsync($"control/mirrors/{region}/{id}", new { fail, error, delaySeconds });

    /// <summary>Adds images <c>bulk/image-00001</c> and mirrors 9000001 and so on, for tests that need many targets.</summary>
    public Task BulkAsync(int images, int mirrors) => PostAsync("control/bulk", new { images, mirrors });

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    async Task<JsonNode> GetAsync(string path)
    {
        using var response = await Control.GetAsync(path, CancellationToken.None);
        return await ReadAsync(response) ?? throw new InvalidOperationException($"{path} answered nothing.");
    }

    async Task PostAsync(string path, object body)
    {
        using var response = await Control.PostAsJsonAsync(path, body, CancellationToken.None);
        await ReadAsync(response);
    }

    static async Task<JsonNode?> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{response.RequestMessage!.RequestUri} answered {(int)response.StatusCode}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }
}
