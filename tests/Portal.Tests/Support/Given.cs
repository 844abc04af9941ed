using System.Text.Json.Nodes;
using Portal.Access;
using Portal.Kinds;
using Portal.Requests;

namespace Portal.Tests.Support;

/// <summary>A wish that would pass: a kind, its fields, and the name that the simulator counts its effect under.</summary>
public sealed record Wish(string Kind, JsonObject Payload, string Target)
{
    /// <summary>The same with one field replaced.</summary>
    public Wish With(string field, JsonNode? value)
    {
        var payload = (JsonObject)Payload.DeepClone();
        payload[field] = value;
        return this with { Payload = payload };
    }
}

/// <summary>People and wishes that tests begin with; all names are of the simulator's sample data.</summary>
public static class Given
{
    public const string Reason = "The second site needs it for the switch-over";

    public static Actor Developer { get; } = new("test:developer", "Dana", [Role.Requester], "127.0.0.1");

    public static Actor OtherDeveloper { get; } = new("test:other", "Deniz", [Role.Requester]);

    public static Actor Approver { get; } = new("test:approver", "Ari", [Role.Requester, Role.Approver]);

    public static Actor SecondApprover { get; } = new("test:second", "Ayo", [Role.Approver]);

    public static Actor Operator { get; } = new("test:operator", "Olu", [Role.Operator]);

    public static Actor Auditor { get; } = new("test:auditor", "Aud", [Role.Auditor]);

    public static Actor Administrator { get; } = new("test:administrator", "Ada", [Role.Administrator]);

    /// <summary>A rule that is not there yet.</summary>
    public static Wish Rule(
        string repository = "backend/order-api", string targetRegion = "cn-east-3", string targetOrganization = "team-a-dr",
        bool syncAuto = true, bool overwrite = false) => new(
        "keep-copying",
        new JsonObject
        {
            ["sourceRegion"] = "cn-north-4",
            ["organization"] = "team-a",
            ["repository"] = repository,
            ["targetRegion"] = targetRegion,
            ["targetOrganization"] = targetOrganization,
            ["syncAuto"] = syncAuto,
            ["override"] = overwrite,
        },
        $"rule:cn-north-4/team-a/{repository}->{targetRegion}/{targetOrganization}");

    /// <summary>Tags that are not in the target yet; the effect of each is counted under the target, a colon and the tag.</summary>
    public static Wish CopyTags(
        string[]? tags = null, string repository = "backend/order-api", string targetRegion = "cn-east-3", string targetOrganization = "team-a-dr",
        bool overwrite = false) => new(
        "copy-tags",
        new JsonObject
        {
            ["sourceRegion"] = "cn-north-4",
            ["organization"] = "team-a",
            ["repository"] = repository,
            ["tags"] = new JsonArray([.. (tags ?? ["2.19.0", "2.19.1"]).Select(tag => (JsonNode)tag)]),
            ["targetRegion"] = targetRegion,
            ["targetOrganization"] = targetOrganization,
            ["override"] = overwrite,
        },
        $"copy:cn-north-4/team-a/{repository}->{targetRegion}/{targetOrganization}");

    /// <summary>A rule that is there and can be deleted.</summary>
    public static Wish StopRule(string repository = "backend/payment-api", string targetRegion = "cn-east-3", string targetOrganization = "team-a-dr") => new(
        "stop-copying",
        new JsonObject
        {
            ["sourceRegion"] = "cn-north-4",
            ["organization"] = "team-a",
            ["repository"] = repository,
            ["targetRegion"] = targetRegion,
            ["targetOrganization"] = targetOrganization,
        },
        $"rule-deleted:cn-north-4/team-a/{repository}->{targetRegion}/{targetOrganization}");

    /// <summary>A mirror that may be synchronized.</summary>
    public static Wish Mirror(int repositoryId = 2111733, bool forceFetch = false) => new(
        "sync-mirror",
        new JsonObject { ["region"] = "cn-north-4", ["repositoryId"] = repositoryId, ["forceFetch"] = forceFetch },
        $"mirror:cn-north-4/{repositoryId}");

    /// <summary>Submits a wish and waits for nobody.</summary>
    public static async Task<Request> SubmittedAsync(PortalHost portal, Wish wish, Actor? requester = null, LoginInput? login = null)
    {
        var outcome = await portal.Requests.SubmitAsync(
            new SubmitInput(wish.Kind, wish.Payload, Reason, login), requester ?? Developer, TestContext.Current.CancellationToken);
        Assert.True(outcome.IsDone, $"Not submitted: {outcome.Refusal}");
        return outcome.Value;
    }

    /// <summary>Submits a wish and lets somebody else approve it, so that its item is due.</summary>
    public static async Task<Request> ApprovedAsync(PortalHost portal, Wish wish, Actor? requester = null, LoginInput? login = null)
    {
        var submitted = await SubmittedAsync(portal, wish, requester, login);
        var outcome = await portal.Approvals.ApproveAsync(
            submitted.Id, submitted.PayloadHash, "Agreed", SecondApprover, TestContext.Current.CancellationToken);
        Assert.True(outcome.IsDone, $"Not approved: {outcome.Refusal}");
        return outcome.Value;
    }
}
