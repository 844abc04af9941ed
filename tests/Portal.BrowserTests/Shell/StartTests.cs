using System.Net;
using System.Net.Sockets;

namespace Portal.BrowserTests.Shell;

/// <summary>What whoever starts the portal reads when a setting is refused, or is missing.</summary>
public sealed class StartTests(PortalFixture fixture) : BrowserTest(fixture)
{
    [Theory]
    [InlineData("Requests__MirrorPasswords", "Nonsense", "Requests:MirrorPasswords is 'Nonsense'; it must be one of Never, AfterApproval, Sealed.")]
    [InlineData("SignIn__RolesByGroup__approvers", "Aprover", "SignIn:RolesByGroup:approvers is 'Aprover'; it must be one of Requester, Approver, Operator, Auditor, Administrator.")]
    [InlineData("ConnectionStrings__Portal", "Host=db;hunter2", "ConnectionStrings:Portal is no connection string of PostgreSQL")]
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
}
