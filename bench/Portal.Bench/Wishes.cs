using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Access;
using Portal.Approvals;
using Portal.Requests;

namespace Portal.Bench;

/// <summary>Wishes that nothing is wrong with, and the people who make and approve them.</summary>
static class Wishes
{
    public static readonly Actor Approver = new("bench:approver", "Ari", [Role.Approver]);

    public static Actor Requester(int number) => new(string.Create(CultureInfo.InvariantCulture, $"bench:{number % 16}"), "Dana", [Role.Requester]);

    public static string Repository(string line, int number) => string.Create(CultureInfo.InvariantCulture, $"{line}/r{number}");

    public static async Task<Request> SubmitAsync(IServiceProvider node, string line, int number)
    {
        var payload = new JsonObject
        {
            ["sourceRegion"] = "cn-north-4",
            ["organization"] = "bench",
            ["repository"] = Repository(line, number),
            ["targetRegion"] = "cn-east-3",
            ["targetOrganization"] = "bench",
            ["syncAuto"] = true,
            ["override"] = false,
        };
        var outcome = await node.GetRequiredService<RequestService>().SubmitAsync(
            new SubmitInput("keep-copying", payload, "The second site needs it"), Requester(number), CancellationToken.None);
        return outcome.IsDone ? outcome.Value : throw new InvalidOperationException($"Not submitted: {outcome.Refusal}");
    }

    public static async Task ApproveAsync(IServiceProvider node, Request request)
    {
        var outcome = await node.GetRequiredService<ApprovalService>().ApproveAsync(request.Id, request.PayloadHash, null, Approver, CancellationToken.None);
        if (!outcome.IsDone)
        {
            throw new InvalidOperationException($"Not approved: {outcome.Refusal}");
        }
    }
}
