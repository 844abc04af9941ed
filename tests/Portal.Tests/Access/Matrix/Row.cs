using Portal.Access;
using Portal.Audit;
using Portal.Dispatch;
using Portal.Health;
using Portal.Kinds;
using Portal.People;
using Portal.Requests;
using Portal.SignIn;
using static Portal.Tests.Access.Matrix.Cell;

namespace Portal.Tests.Access.Matrix;

/// <summary>One row of the matrix: a method of a service that takes an actor, on whose object it is tried, and the try itself, which says what came of it.</summary>
sealed record Row(string Method, string Object, Func<Cell, Task<string>> TryAsync)
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every way in. A method that takes an actor and is neither here nor in <see cref="NoDoor"/> fails the test.</summary>
    public static IReadOnlyList<Row> All { get; } =
    [
        new("RequestService.CheckAsync", "", cell => SaysAsync(cell.Node.Requests.CheckAsync("sync-mirror", Fields(), cell.Actor, Token))),
        new("RequestService.SubmitAsync", "", cell => SaysAsync(cell.Node.Requests.SubmitAsync(new SubmitInput("sync-mirror", Fields(), "x"), cell.Actor, Token))),
        .. Both("RequestService.WithdrawAsync", async (cell, own) => await SaysAsync(cell.Node.Requests.WithdrawAsync((await cell.PendingAsync(own)).Id, cell.Actor, Token))),

        Lists("RequestReader.MineAsync", cell => cell.PendingAsync, async cell => (await cell.Node.Reader.MineAsync(cell.Actor, null, null, 1, Token)).Rows.Select(row => row.Id)),
        Lists("RequestReader.WaitingForAsync", cell => cell.PendingAsync, async cell => (await cell.Node.Reader.WaitingForAsync(cell.Actor, Token)).Select(row => row.Id)),
        new("RequestReader.CountWaitingForAsync", "", async cell =>
        {
            await cell.PendingAsync(own: false);
            return await cell.Node.Reader.CountWaitingForAsync(cell.Actor, Token) > 0 ? "others'" : "nothing";
        }),
        Lists("RequestReader.MovingAsync", cell => cell.ObservedAsync, async cell => (await cell.Node.Reader.MovingAsync(cell.Actor, Token)).Select(row => row.Id)),
        Lists("RequestReader.EndedAsync", cell => cell.FailedAsync, async cell => (await cell.Node.Reader.EndedAsync(cell.Actor, 5, Token)).Select(row => row.Id)),
        new("RequestReader.ListsAll", "", cell => Task.FromResult(RequestReader.ListsAll(cell.Actor) ? "yes" : "no")),
        .. Both("RequestReader.FindAsync", async (cell, own) => await SaysAsync(cell.Node.Reader.FindAsync((await cell.PendingAsync(own)).Id, cell.Actor, Token))),
        .. Both("RequestReader.MaySeeAsync", async (cell, own) => await cell.Node.Reader.MaySeeAsync((await cell.PendingAsync(own)).Id, cell.Actor, Token) ? "yes" : "no"),
        .. Both("RequestReader.AttemptsAsync", async (cell, own) =>
            (await cell.Node.Reader.AttemptsAsync(await cell.WithAttemptAsync(own), 10, cell.Actor, Token)).Count > 0 ? "yes" : "nothing"),

        .. Both("ApprovalService.ApproveAsync", async (cell, own) =>
        {
            var request = await cell.PendingAsync(own);
            return await SaysAsync(cell.Node.Approvals.ApproveAsync(request.Id, request.PayloadHash, null, cell.Actor, Token));
        }),
        .. Both("ApprovalService.DenyAsync", async (cell, own) =>
        {
            var request = await cell.PendingAsync(own);
            return await SaysAsync(cell.Node.Approvals.DenyAsync(request.Id, request.PayloadHash, "x", cell.Actor, Token));
        }),
        .. Both("ApprovalService.WhyNotAsync", async (cell, own) =>
            await cell.Node.Approvals.WhyNotAsync(await cell.PendingAsync(own), cell.Actor, Token) is { } refusal ? Word(refusal) : "yes"),
        .. Both("ApprovalService.DecisionsAsync", async (cell, own) =>
            (await cell.Node.Approvals.DecisionsAsync((await cell.ApprovedAsync(own)).Id, cell.Actor, Token)).Count > 0 ? "yes" : "nothing"),

        .. Both("FollowUpService.CancelAsync", async (cell, own) => await SaysAsync(cell.Node.FollowUps.CancelAsync((await cell.ApprovedAsync(own)).Id, "x", cell.Actor, Token))),
        .. Both("FollowUpService.RetryFailedAsync", async (cell, own) => await SaysAsync(cell.Node.FollowUps.RetryFailedAsync((await cell.FailedAsync(own)).Id, cell.Actor, Token))),
        new("FollowUpService.RetryRegionAsync", "", cell => SaysAsync(cell.Node.FollowUps.RetryRegionAsync("no-such-region", DateTimeOffset.UnixEpoch, cell.Actor, Token))),
        .. Both("FollowUpService.StopFollowingAsync", async (cell, own) =>
            await SaysAsync(cell.Node.FollowUps.StopFollowingAsync((await cell.ObservedAsync(own)).Id, "x", cell.Actor, Token))),

        .. Both("GiveLoginService.GiveAsync", async (cell, own) =>
            await SaysAsync(cell.Get<GiveLoginService>().GiveAsync((await cell.ApprovedAsync(own)).Id, new LoginInput("u", "p"), cell.Actor, Token))),

        new("OutcomeDesk.RowsAsync", "", async cell =>
        {
            await cell.OnDeskAsync(own: false);
            return (await cell.Node.OutcomeDesk.RowsAsync(cell.Actor, Token)).Count > 0 ? "yes" : "nothing";
        }),
        new("OutcomeDesk.CountAsync", "", async cell =>
        {
            await cell.OnDeskAsync(own: false);
            return await cell.Node.OutcomeDesk.CountAsync(cell.Actor, Token) > 0 ? "yes" : "nothing";
        }),
        new("OutcomeDesk.MaySee", "", cell => Task.FromResult(OutcomeDesk.MaySee(cell.Actor) ? "yes" : "no")),
        .. Both("OutcomeService.SettleAsync", async (cell, own) =>
            await SaysAsync(cell.Node.Outcomes.SettleAsync(await cell.OnDeskAsync(own), SettlementAction.MarkFailed, "x", cell.Actor, Token))),
        .. Both("OutcomeService.SecondAsync", async (cell, own) => await SaysAsync(cell.Node.Outcomes.SecondAsync(await cell.ProposalAsync(own), true, "x", cell.Actor, Token))),

        new("LaneService.BoardAsync", "", async cell =>
        {
            await cell.ObservedAsync(own: false);
            return (await cell.Node.Lanes.BoardAsync(cell.Actor, Token)).Count > 0 ? "yes" : "nothing";
        }),
        new("LaneService.PauseAsync", "", cell => SaysAsync(cell.Node.Lanes.PauseAsync(Lane.Every, "x", cell.Actor, Token))),
        new("LaneService.ResumeAsync", "", cell => SaysAsync(cell.Node.Lanes.ResumeAsync(Lane.Every, cell.Actor, Token))),

        new("HealthService.PartsAsync", "", cell => SaysAsync(cell.Get<HealthService>().PartsAsync(cell.Actor, Token))),

        new("AuditService.PageAsync", "", cell => SaysAsync(cell.Get<AuditService>().PageAsync(new AuditFilter(), cell.Actor, Token))),
        new("AuditService.CountNewerAsync", "", cell => SaysAsync(cell.Get<AuditService>().CountNewerAsync(new AuditFilter(), null, cell.Actor, Token))),
        new("AuditService.EventAsync", "", async cell =>
        {
            var request = await cell.PendingAsync(own: false);
            return await SaysAsync(cell.Get<AuditService>().EventAsync((await cell.Node.TrailAsync(request))[0].Id, cell.Actor, Token));
        }),
        new("AuditService.ExportAsync", "", async cell =>
        {
            var outcome = await cell.Get<AuditService>().ExportAsync(new AuditFilter { Jid = "none" }, ExportFormat.Csv, cell.Actor, Token);
            await using var export = outcome.IsDone ? outcome.Value : null;
            return outcome.Refusal is { } refusal ? Word(refusal) : "yes";
        }),

        new("PeopleService.ListAsync", "", cell => SaysAsync(cell.Get<PeopleService>().ListAsync(null, null, false, 1, cell.Actor, Token))),
        .. Both("PeopleService.FindAsync", async (cell, own) =>
            (await cell.Get<PeopleService>().FindAsync(await cell.PersonAsync(own), cell.Actor, Token)).Refusal switch
            {
                PersonNotFound => "nothing",
                { } refusal => Word(refusal),
                null => "yes",
            }),
        .. Both("PeopleService.ChangeRolesAsync", async (cell, own) =>
            await SaysAsync(cell.Get<PeopleService>().ChangeRolesAsync(await cell.PersonAsync(own), [], [Role.Auditor], cell.Actor, Token))),
        .. Both("PeopleService.ShutOutAsync", async (cell, own) => await SaysAsync(cell.Get<PeopleService>().ShutOutAsync(await cell.PersonAsync(own), "x", cell.Actor, Token))),
        .. Both("PeopleService.LetInAsync", async (cell, own) =>
            await SaysAsync(cell.Get<PeopleService>().LetInAsync(await cell.PersonAsync(own, shutOut: true), cell.Actor, Token))),
        .. Both("SignInService.EndAsync", async (cell, own) => await SaysAsync(cell.Get<SignInService>().EndAsync(await cell.SignInAsync(own), cell.Actor, Token))),
        .. Both("SignInService.EndOthersAsync", async (cell, own) => await SaysAsync(cell.Get<SignInService>().EndOthersAsync(await cell.PersonAsync(own), cell.Actor, Token))),
        new("SessionService.SignOutAsync", "own", async cell =>
        {
            var session = await cell.SignInAsync(own: true);
            await cell.Get<SessionService>().SignOutAsync(cell.Actor with { Session = session }, Token);
            return "yes";
        }),
    ];

    /// <summary>What takes an actor and is no way in, and why.</summary>
    public static IReadOnlyDictionary<string, string> NoDoor { get; } = new Dictionary<string, string>
    {
        ["AuditTrail.Record"] = "writes into a unit of work whose caller has asked for the permission; anybody may be told of",
        ["AuditTrail.RecordAloneAsync"] = "writes what somebody did or tried; anybody may be told of",
        ["FollowUpService.MayRetry"] = "the rule itself, pure; RetryFailedAsync asks it",
        ["Personas.ButtonOf"] = "reads a name",
        ["RateGate.WhyNotAsync"] = "counts how often; what may be done is asked of the service itself",
        ["RateLimits.KeyOf"] = "names whom to count",
        ["Request.Record"] = "writes into a unit of work whose caller has asked for the permission",
        ["SeatRules.WhyNot"] = "the rule itself, pure; ApprovalService asks it",
        ["SessionService.EndAsync"] = "part of the transactions of SignInService and PeopleService, which ask for the permission",
    };

    static Row[] Both(string method, Func<Cell, bool, Task<string>> tryAsync) =>
        [new(method, "own", cell => tryAsync(cell, true)), new(method, "somebody else's", cell => tryAsync(cell, false))];

    static Row Lists(string method, Func<Cell, Func<bool, Task<Request>>> makeAsync, Func<Cell, Task<IEnumerable<Guid>>> listAsync) => new(method, "", async cell =>
    {
        var (own, other) = (cell.IsKnown ? await makeAsync(cell)(true) : null, await makeAsync(cell)(false));
        return Shows(await listAsync(cell), own, other);
    });
}
