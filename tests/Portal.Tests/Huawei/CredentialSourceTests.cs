using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Huawei;
using Portal.Tests.Support;

namespace Portal.Tests.Huawei;

/// <summary>Credentials in mounted files are rotated without a restart, against the real simulator; a bad file changes nothing.</summary>
public sealed class CredentialSourceTests(CloudFixture clouds) : IAsyncLifetime
{
    const string OtherAccessKey = "SIMULATORTEMPORARY01";
    const string OtherSecretKey = "simulator/temporary+key-for-demonstrations";
    const string OtherToken = "simulator-security-token-for-demonstrations";

    readonly string folder = Directory.CreateTempSubdirectory("portal-credentials-").FullName;
    readonly WarningLog log = new();
    SimulatorProcess cloud = null!;
    ServiceProvider services = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_key_pair_counts_from_the_next_call_on()
    {
        Write(("AccessKey", SimulatorProcess.AccessKey + "\n"), ("SecretKey", SimulatorProcess.SecretKey + "\r\n"));
        var client = Start();
        Assert.Equal(200, await StatusAsync(client));

        Write(("AccessKey", OtherAccessKey), ("SecretKey", OtherSecretKey), ("SecurityToken", OtherToken));

        Assert.Equal(200, await StatusAsync(client));
        Assert.Equal(OtherAccessKey, services.GetRequiredService<CredentialSource>().Present().AccessKey);
        Write(("SecretKey", "of-somebody-else"));
        Assert.Equal(401, await StatusAsync(client));
        AssertNothingShown();
    }

    [Fact]
    public async Task Content_that_is_swapped_by_one_link_as_Kubernetes_does_is_taken_whole()
    {
        Mount("first", SimulatorProcess.AccessKey, SimulatorProcess.SecretKey, null);
        var client = Start();
        Assert.Equal(200, await StatusAsync(client));

        Mount("second", OtherAccessKey, OtherSecretKey, OtherToken);
        Assert.Equal(200, await StatusAsync(client));
        Mount("third", SimulatorProcess.AccessKey, SimulatorProcess.SecretKey, null);
        Assert.Equal(200, await StatusAsync(client));

        var present = services.GetRequiredService<CredentialSource>().Present();
        Assert.Equal((SimulatorProcess.AccessKey, true), (present.AccessKey, present.SecurityToken.IsEmpty));
        Assert.Empty(log.Lines);
    }

    [Theory]
    [InlineData("SecretKey", "")]
    [InlineData("SecretKey", "\n")]
    [InlineData("AccessKey", "two words canary")]
    [InlineData("SecurityToken", "")]
    public async Task File_that_cannot_be_used_leaves_the_last_good_key_and_is_named_once(string file, string content)
    {
        Write(("AccessKey", SimulatorProcess.AccessKey), ("SecretKey", SimulatorProcess.SecretKey));
        var client = Start();
        Assert.Equal(200, await StatusAsync(client));

        Write((file, content));
        Assert.Equal(200, await StatusAsync(client));
        Assert.Equal(200, await StatusAsync(client));

        Assert.Contains(Path.Combine(folder, file), Assert.Single(log.Lines), StringComparison.Ordinal);
        AssertNothingShown();

        File.Delete(Path.Combine(folder, file));
        Write(("AccessKey", OtherAccessKey), ("SecretKey", OtherSecretKey), ("SecurityToken", OtherToken));
        Assert.Equal(200, await StatusAsync(client));
        Assert.Equal(OtherAccessKey, services.GetRequiredService<CredentialSource>().Present().AccessKey);
    }

    [Fact]
    public async Task Folder_that_is_gone_leaves_the_last_good_key()
    {
        Write(("AccessKey", SimulatorProcess.AccessKey), ("SecretKey", SimulatorProcess.SecretKey));
        var client = Start();
        Assert.Equal(200, await StatusAsync(client));

        Directory.Delete(folder, recursive: true);

        Assert.Equal(200, await StatusAsync(client));
        Assert.Contains(folder, Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_without_a_key_sends_nothing_until_there_is_one()
    {
        var client = Start();

        var answer = await AskAsync(client);
        Assert.Equal((AnswerKind.NotSent, "no credentials: Huawei:CredentialsFolder needs the files AccessKey and SecretKey"), (answer.Kind, answer.Failure));

        Write(("AccessKey", SimulatorProcess.AccessKey), ("SecretKey", SimulatorProcess.SecretKey));
        Assert.Equal(200, await StatusAsync(client));
    }

    [Fact]
    public async Task Call_under_way_keeps_its_key()
    {
        Write(("AccessKey", SimulatorProcess.AccessKey), ("SecretKey", SimulatorProcess.SecretKey));
        var client = Start();
        await cloud.FaultAsync("hold-before-effect", "namespaces", "GET");
        var underWay = AskAsync(client);
        await cloud.WhenWaitingAsync();

        Write(("AccessKey", OtherAccessKey), ("SecretKey", OtherSecretKey), ("SecurityToken", OtherToken));
        Assert.Equal(200, await StatusAsync(client));
        await cloud.ReleaseAsync();

        Assert.Equal(200, (await underWay).Status);
    }

    [Fact]
    public async Task Tokens_bought_with_the_old_password_are_forgotten_with_it()
    {
        Write(("Password", SimulatorProcess.Password));
        var client = Start(("Authentication", "Password"), ("Account", SimulatorProcess.Account), ("User", SimulatorProcess.User));
        Assert.Equal(200, await StatusAsync(client));
        Assert.Equal(200, await StatusAsync(client));
        Assert.Equal(1, await LoginsAsync());

        Write(("Password", "canary-not-valid-yet"));
        var answer = await AskAsync(client);
        Assert.Equal(AnswerKind.NotSent, answer.Kind);
        Assert.Equal(2, await LoginsAsync());

        Write(("Password", SimulatorProcess.Password));
        Assert.Equal(200, await StatusAsync(client));
        Assert.Equal(3, await LoginsAsync());
        AssertNothingShown();
    }

    public async ValueTask InitializeAsync() => cloud = await clouds.BorrowAsync();

    public async ValueTask DisposeAsync()
    {
        await cloud.ClearFaultsAsync();
        clouds.Return(cloud);
        if (services is not null)
        {
            await services.DisposeAsync();
        }

        log.Dispose();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    CloudClient Start(params (string Name, string Value)[] settings)
    {
        var collection = Client.Collection("http://127.0.0.1:1", null,
        [
            ("AccessKey", ""), ("SecretKey", ""), ("CredentialsFolder", folder),
            ("Endpoints:Iam", cloud.Endpoint("iam")), ("Endpoints:Swr", cloud.Endpoint("swr")), ("Endpoints:CodeArtsRepo", cloud.Endpoint("codearts")), .. settings,
        ]);
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(log));
        services = collection.BuildServiceProvider(validateScopes: true);
        return services.GetRequiredService<CloudClient>();
    }

    static Task<Answer> AskAsync(CloudClient client) => client.SendAsync(Swr.ListOrganizations("cn-north-4"), Token);

    static async Task<int?> StatusAsync(CloudClient client) => (await AskAsync(client)).Status;

    async Task<int> LoginsAsync() => (await cloud.CallsAsync()).Count(call => call!["path"]!.GetValue<string>().Contains("/v3/auth/tokens", StringComparison.Ordinal));

    void Write(params ReadOnlySpan<(string Name, string Text)> files)
    {
        foreach (var (name, text) in files)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }
    }

    // What the kubelet does: a folder with the new content, a link to it, and that link moved over the one before.
    void Mount(string version, string accessKey, string secretKey, string? securityToken)
    {
        var content = Directory.CreateDirectory(Path.Combine(folder, $"..{version}")).FullName;
        foreach (var (name, value) in new[] { ("AccessKey", accessKey), ("SecretKey", secretKey), ("SecurityToken", securityToken) })
        {
            if (value is not null)
            {
                File.WriteAllText(Path.Combine(content, name), value);
            }
        }

        var before = new DirectoryInfo(Path.Combine(folder, "..data"));
        var old = before.Exists ? before.ResolveLinkTarget(returnFinalTarget: true)!.FullName : null;
        File.CreateSymbolicLink(Path.Combine(folder, "..data_tmp"), Path.GetFileName(content));
        using (var rename = Process.Start("mv", ["-T", Path.Combine(folder, "..data_tmp"), Path.Combine(folder, "..data")]))
        {
            rename.WaitForExit();
            Assert.Equal(0, rename.ExitCode);
        }

        foreach (var name in new[] { "AccessKey", "SecretKey", "SecurityToken" }.Where(name => !Path.Exists(Path.Combine(folder, name))))
        {
            File.Delete(Path.Combine(folder, name));
            File.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine("..data", name));
        }

        if (old is not null)
        {
            Directory.Delete(old, recursive: true);
        }
    }

    void AssertNothingShown() => Assert.All(
        log.Lines,
        line => Assert.All(["canary", SimulatorProcess.SecretKey, OtherSecretKey, SimulatorProcess.Password, "of-somebody-else"], secret => Assert.DoesNotContain(secret, line, StringComparison.Ordinal)));

    sealed class WarningLog : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];
        public ILogger CreateLogger(string categoryName) => this;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Lines.Add(formatter(state, exception) + exception);
            }
        }

        public void Dispose()
        {
        }
    }
}
