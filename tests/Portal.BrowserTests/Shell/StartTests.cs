using System.Net;
using System.Net.Sockets;

namespace Portal.BrowserTests.Shell;

/// <summary>What whoever starts the portal reads when a setting is refused, or is missing.</summary>
public sealed class StartTests(PortalFixture fixture) : BrowserTest(fixture)
{
    [Theory]
    [InlineData("Requests__MirrorPasswords", "Nonsense", "Requests:MirrorPasswords is 'Nonsense'; it must be one of Never, AfterApproval, Sealed.")]
    [InlineData("Requests__LoginHoldHours", "0", "Requests:LoginHoldHours must be between 1 and 720.")]
    [InlineData("SignIn__Personas", "perhaps", "SignIn:Personas is 'perhaps'; it must be true or false.")]
    [InlineData("SignIn__RolesByGroup__approvers", "Aprover", "SignIn:RolesByGroup:approvers is 'Aprover'; it must be one of Requester, Approver, Operator, Auditor, Administrator.")]
    [InlineData("ConnectionStrings__Portal", "Host=db;hunter2", "ConnectionStrings:Portal is no connection string of PostgreSQL")]
    [InlineData("Proxies__0", "proxy.example.com", "Proxies holds 'proxy.example.com'")]
    [InlineData("Huawei__TimeoutSeconds", "0", "Huawei:TimeoutSeconds is 0; it must be from 1 to 300.")]
    public async Task Refused_setting_is_one_critical_line_without_a_stack_trace(string setting, string value, string sentence)
    {
        var (exitCode, output) = await PortalProcess.RunToEndAsync(Database, ("ASPNETCORE_ENVIRONMENT", "Production"), ("Logging__Console__FormatterName", "lines"), (setting, value));

        Assert.Equal(1, exitCode);
        var line = Assert.Single(output.Split('\n'), line => line.StartsWith("crit: ", StringComparison.Ordinal));
        Assert.Contains(sentence, line, StringComparison.Ordinal);
        Assert.DoesNotContain("fail: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_that_is_taken_is_said_in_one_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://{taken.LocalEndpoint}";

        var (exitCode, output) = await PortalProcess.RunToEndAsync(
            Database, ("ASPNETCORE_ENVIRONMENT", "Production"), ("ASPNETCORE_URLS", address), ("Dispatch__Enabled", "false"), ("Logging__Console__FormatterName", "lines"));

        Assert.Equal(1, exitCode);
        Assert.Contains(address, Assert.Single(output.Split('\n'), line => line.StartsWith("crit: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_without_provider_and_credentials_warns_of_both_by_the_names_of_their_settings()
    {
        await using var portal = await PortalProcess.StartAsync(
            Database, Simulator, ("ASPNETCORE_ENVIRONMENT", "Production"), ("SignIn__Personas", "false"), ("Dispatch__Enabled", "false"), ("Limits__Enabled", "true"),
            ("Huawei__AccessKey", ""), ("Huawei__SecretKey", ""), ("Huawei__Endpoints__Iam", "https://127.0.0.1:9/iam/{region}"),
            ("Huawei__Endpoints__Swr", "https://127.0.0.1:9/swr/{region}"), ("Huawei__Endpoints__CodeArtsRepo", "https://127.0.0.1:9/codearts/{region}"));

        var said = portal.TakeLines();
        Assert.Contains("AzureAd:ClientId", Assert.Single(said, line => line.Contains("Nobody can sign in", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("Huawei:AccessKey", Assert.Single(said, line => line.Contains("Nothing can be sent to the cloud", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
