using System.Text.Json.Nodes;
using Portal.Access;
using Portal.Audit;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Audit;

/// <summary>What is done too often is refused by the services themselves, because open pages send no requests that could be counted.</summary>
public sealed class RateGateTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    protected override (string Name, string Value)[] Settings =>
        [("Limits:Enabled", "true"), .. RateLimit.All.Select(limit => ($"Limits:{limit.Name}:Permits", "1"))];

    /// <summary>What a person can ask of the services, by the limit that counts it.</summary>
    public static TheoryData<string, string> Actions { get; } = new()
    {
        { "Check", "check" }, { "Submit", "submit" }, { "Decide", "approve" }, { "Decide", "deny" }, { "Change", "withdraw" }, { "Change", "cancel" },
        { "Change", "retry" }, { "Change", "retry-region" }, { "Change", "stop-following" }, { "Change", "pause" }, { "Change", "resume" },
        { "Change", "settle" }, { "Change", "second" }, { "AuditSearch", "search" }, { "AuditSearch", "event" }, { "AuditExport", "export" },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Second_try_is_refused_recorded_once_and_disturbs_nobody_else(string limit, string action)
    {
        var (person, other) = limit.StartsWith("Audit", StringComparison.Ordinal) ? (Given.Auditor, Given.Administrator) : (Given.Approver, Given.Operator);
        Assert.IsNotType<TooOften>(await DoAsync(action, person));

        for (var time = 0; time < 5; time++)
        {
            var refusal = Assert.IsType<TooOften>(await DoAsync(action, person));
            Assert.InRange(refusal.RetryAfter, TimeSpan.FromSeconds(1), RateLimit.All.Single(known => known.Name == limit).Window);
        }

        Assert.IsNotType<TooOften>(await DoAsync(action, other));
        var row = Assert.Single(await Node.AloneAsync(), row => row.Kind == AuditKind.AccessLimited);
        Assert.Equal(person.Id, row.ActorId);
        Assert.Equal((limit, 1), (Fact(row, "limit").GetValue<string>(), Fact(row, "permits").GetValue<int>()));
    }

    [Fact]
    public async Task Portal_itself_is_never_limited()
    {
        for (var time = 0; time < 5; time++)
        {
            Assert.Null(await Node.Get<RateGate>().WhyNotAsync(RateLimit.Change, Actor.System));
        }
    }

    [Fact]
    public async Task Trail_does_not_grow_by_tries_that_were_refused()
    {
        await DoAsync("search", Given.Developer);
        for (var time = 0; time < 20; time++)
        {
            await DoAsync("search", Given.Developer);
        }

        Assert.Equal([AuditKind.AccessDenied, AuditKind.AccessLimited], (await Node.AloneAsync()).Select(row => row.Kind));
    }

    static JsonNode Fact(AuditEvent row, string name) => JsonNode.Parse(row.Doc)!["facts"]![name]!;

    async Task<Refusal?> DoAsync(string action, Actor actor) => action switch
    {
        "check" => (await Node.Requests.CheckAsync("sync-mirror", Given.Mirror().Payload, actor, Token)).Refusal,
        "submit" => (await Node.Requests.SubmitAsync(new SubmitInput("sync-mirror", Given.Mirror().Payload, Given.Reason), actor, Token)).Refusal,
        "withdraw" => (await Node.Requests.WithdrawAsync(Guid.Empty, actor, Token)).Refusal,
        "approve" => (await Node.Approvals.ApproveAsync(Guid.Empty, "", "", actor, Token)).Refusal,
        "deny" => (await Node.Approvals.DenyAsync(Guid.Empty, "", "No", actor, Token)).Refusal,
        "cancel" => (await Node.FollowUps.CancelAsync(Guid.Empty, "No", actor, Token)).Refusal,
        "retry" => (await Node.FollowUps.RetryFailedAsync(Guid.Empty, actor, Token)).Refusal,
        "retry-region" => (await Node.FollowUps.RetryRegionAsync("cn-north-4", TimeProvider.System.GetUtcNow(), actor, Token)).Refusal,
        "stop-following" => (await Node.FollowUps.StopFollowingAsync(Guid.Empty, "No", actor, Token)).Refusal,
        "pause" => (await Node.Lanes.PauseAsync("swr/nowhere", "No", actor, Token)).Refusal,
        "resume" => (await Node.Lanes.ResumeAsync("swr/nowhere", actor, Token)).Refusal,
        "settle" => (await Node.Outcomes.SettleAsync(Guid.Empty, Portal.Dispatch.SettlementAction.CheckAgain, "No", actor, Token)).Refusal,
        "second" => (await Node.Outcomes.SecondAsync(Guid.Empty, true, "Yes", actor, Token)).Refusal,
        "search" => (await Node.Get<AuditService>().PageAsync(new AuditFilter(), actor, Token)).Refusal,
        "event" => (await Node.Get<AuditService>().EventAsync(Guid.Empty, actor, Token)).Refusal,
        "export" => await ExportAsync(actor),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    };

    async Task<Refusal?> ExportAsync(Actor actor)
    {
        var outcome = await Node.Get<AuditService>().ExportAsync(new AuditFilter(), ExportFormat.Csv, actor, Token);
        if (outcome.IsDone)
        {
            await outcome.Value.DisposeAsync();
        }

        return outcome.Refusal;
    }
}
