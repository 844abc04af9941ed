using System.Net;
using System.Text.Json.Nodes;
using Portal.Tests.Support;

namespace Portal.Tests.Health;

/// <summary>What the three addresses tell to whom.</summary>
public sealed class HealthAddressTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Anybody_learns_the_word_and_only_who_operates_learns_the_parts()
    {
        await using var portal = await PortalProgram.StartAsync(Database.AppConnection, Cloud, ("Dispatch__Enabled", "false"), ("PORTAL_NODE", "node-7"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(portal, "/health/live"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(portal, "/health/ready"));
        Assert.Equal(HttpStatusCode.Redirect, (await AskAsync(portal, "/health/parts")).Status);
        await portal.SignInAsync("Approver", Token);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(portal, "/health/parts")).Status);

        await Database.OwnerAsync("revoke insert on audit.event from portal_app");
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(portal, "/health/live"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await AskAsync(portal, "/health/ready"));
        await Database.OwnerAsync("grant insert (id, kind, actor_id, actor_name, request_id, seq, node, raw, doc) on audit.event to portal_app");
        await portal.SignInAsync("Operator", Token);
        await Database.OwnerAsync("revoke insert on audit.event from portal_app");
        var parts = JsonNode.Parse((await AskAsync(portal, "/health/parts")).Text)!;
        var chinese = JsonNode.Parse((await AskAsync(portal, "/health/parts", "zh-CN")).Text)!;

        Assert.Equal("node-7", (string?)parts["node"]);
        var ill = parts["parts"]![0]!;
        Assert.Equal(("audit", false, "Health.AuditRefused"), ((string?)ill["part"], (bool)ill["well"]!, (string?)ill["finding"]));
        Assert.StartsWith("The audit trail does not take rows", (string?)ill["means"], StringComparison.Ordinal);
        Assert.StartsWith("Give the role portal_app", (string?)ill["action"], StringComparison.Ordinal);
        Assert.StartsWith("审计记录不接受", (string?)chinese["parts"]![0]!["means"], StringComparison.Ordinal);
        Assert.Equal(["database", "schema", "clock", "feed", "worker"], parts["parts"]!.AsArray().Skip(1).Select(part => (string?)part!["part"]));
    }

    static async Task<(HttpStatusCode Status, string Text)> AskAsync(PortalProgram portal, string address, string language = "en")
    {
        using var call = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept-Language", language } } };
        using var answer = await portal.Client.SendAsync(call, Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
