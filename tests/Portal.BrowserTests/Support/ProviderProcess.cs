using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Portal.BrowserTests.Support;

/// <summary>A real OpenID provider (build/openid-provider) as a process of its own, with made-up people. It ends with the test process.</summary>
public sealed class ProviderProcess : IAsyncDisposable
{
    public const string ClientSecret = "a-secret-between-two-tests";

    const string ReadyLine = "Issuer: ";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process process;

    ProviderProcess(Process process, string issuer) => (this.process, Issuer) = (process, issuer);

    /// <summary>Its address, without a slash at the end.</summary>
    public string Issuer { get; }

    /// <summary>Starts it for a portal at this address. Further settings as build/openid-provider/provider.mjs names them.</summary>
    public static async Task<ProviderProcess> StartAsync(string portal, params (string Name, string Value)[] further)
    {
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = Programs.Repository,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("build/openid-provider/provider.mjs");
        foreach (var (name, value) in (IEnumerable<(string, string)>)
            [("PORTAL_ORIGIN", portal), ("CLIENT_SECRET", ClientSecret), ("CONTROL", "1"), ("STOP_WITH_INPUT", "1"), .. further])
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(ReadyLine, StringComparison.Ordinal))
            {
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new ProviderProcess(process, line[ReadyLine.Length..]);
            }
        }

        throw new InvalidOperationException($"The OpenID provider ended at once: {await errors}");
    }

    /// <summary>It signs with another key from now on, and forgets who was signed in.</summary>
    public async Task ChangeKeysAsync()
    {
        using var http = new HttpClient();
        (await http.PostAsync(new Uri(Issuer + "/control/new-keys"), null)).EnsureSuccessStatusCode();
    }

    /// <summary>The settings of a portal behind it.</summary>
    public (string Name, string Value)[] SettingsFor(string portal) =>
    [
        ("ASPNETCORE_URLS", portal), ("SignIn__Personas", "false"), ("SignIn__PublicOrigin", portal), ("AzureAd__Authority", Issuer),
        ("AzureAd__ClientId", "portal"), ("AzureAd__ClientSecret", ClientSecret), ("SignIn__RolesByGroup__portal-approvers", "Approver"),
        .. new[] { "Requester", "Approver", "Operator", "Auditor", "Administrator" }.Select(role => ($"SignIn__RolesByAppRole__Portal.{role}", role)),
    ];

    /// <summary>An address for a portal that is not started yet: the provider has to know it first.</summary>
    public static string FreeAddress(string scheme = "http")
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"{scheme}://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
