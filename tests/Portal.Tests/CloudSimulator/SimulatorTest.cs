using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Tests.Support;

namespace Portal.Tests.CloudSimulator;

/// <summary>One simulator for all tests of this folder; each of them starts from the sample data.</summary>
public sealed class SimulatorFixture : IAsyncLifetime
{
    public SimulatorProcess Simulator { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Simulator = await SimulatorProcess.StartAsync();

    public ValueTask DisposeAsync() => Simulator.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class SharedSimulator : ICollectionFixture<SimulatorFixture>
{
    public const string Name = "cloud simulator";
}

/// <summary>A call's answer, read whole.</summary>
public sealed record Answer(HttpStatusCode Status, JsonNode? Json, string Text, System.Net.Http.Headers.HttpResponseHeaders Headers, System.Net.Http.Headers.HttpContentHeaders ContentHeaders);

/// <summary>What the tests of this folder share: calls with a token or a signature, and a reset before each test.</summary>
[Collection(SharedSimulator.Name)]
public abstract class SimulatorTest(SimulatorFixture fixture) : IAsyncLifetime
{
    /// <summary>The demonstration's own example: a name with a slash, sent as a dollar sign.</summary>
    protected const string OrderApi = "swr/cn-north-4/v2/manage/namespaces/team-a/repos/backend$order-api";
    protected const string PaymentsMirror = "codearts/cn-north-4/v4/repositories/2111733/remote-mirror";
    protected const string RuleBody = """{"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr","syncAuto":true,"override":false}""";
    protected const string RuleTarget = "rule:cn-north-4/team-a/backend/order-api->cn-east-3/team-a-dr";

    protected SimulatorProcess Simulator => fixture.Simulator;

    public virtual async ValueTask InitializeAsync() => await Simulator.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A signed call with the sample access key.</summary>
    protected Task<Answer> CallAsync(string method, string path, string? body = null) => SendAsync(SignedRequest(method, path, body));

    protected HttpRequestMessage SignedRequest(string method, string path, string? body, string accessKey = SimulatorProcess.AccessKey, string secretKey = SimulatorProcess.SecretKey,
        DateTimeOffset? at = null, params (string Name, string Value)[] headers) =>
        SignatureByHand.Sign(Request(method, path, body), body ?? "", accessKey, secretKey, at ?? TimeProvider.System.GetUtcNow(), headers);

    protected HttpRequestMessage Request(string method, string path, string? body = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Simulator.Address, path));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }

    protected Task<Answer> CallWithTokenAsync(string token, string method, string path, string? body = null)
    {
        var request = Request(method, path, body);
        request.Headers.Add("X-Auth-Token", token);
        return SendAsync(request);
    }

    protected async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await Simulator.Control.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var isJson = response.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0;
            return new Answer(response.StatusCode, isJson ? JsonNode.Parse(text) : null, text, response.Headers, response.Content.Headers);
        }
    }

    /// <summary>Logs in as the sample user and gives the token of a region.</summary>
    protected async Task<string> TokenAsync(string region)
    {
        var answer = await LoginAsync(SimulatorProcess.Password, $$$"""{"project":{"name":"{{{region}}}"}}""");
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Headers.GetValues("X-Subject-Token").Single();
    }

    protected Task<Answer> LoginAsync(string password, string scope)
    {
        var user = $$"""{"domain":{"name":"{{SimulatorProcess.Account}}"},"name":"{{SimulatorProcess.User}}","password":"{{password}}"}""";
        var identity = $$"""{"methods":["password"],"password":{"user":{{user}} } }""";
        return SendAsync(Request("POST", "iam/cn-north-4/v3/auth/tokens?nocatalog=any", $$"""{"auth":{"identity":{{identity}},"scope":{{scope}} } }"""));
    }

    /// <summary>Status and error code, whichever of the known shapes the body has.</summary>
    protected static void AssertError(Answer answer, int status, string code)
    {
        Assert.Equal((HttpStatusCode)status, answer.Status);
        Assert.Contains($"\"{code}\"", answer.Text, StringComparison.Ordinal);
    }
}
