using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Approvals;
using Portal.Audit;
using Portal.Dispatch;
using Portal.People;
using Portal.Requests;
using Portal.SignIn;
using Portal.Tests.SignIn;
using Portal.Tests.Support;

namespace Portal.Tests.Access.Matrix;

/// <summary>One try: who tries it, on which portal, with fresh requests of their own and of somebody else to try it on.</summary>
sealed class Cell(PortalHost node, TestDatabase database, Column column)
{
    static readonly Actor Other = new("matrix/somebody-else", "Somebody Else", [Role.Requester]);
    static int lastRepository = 3_000_000;

    readonly Actor actor = column.Actor;

    public PortalHost Node => node;

    public Actor Actor => actor;

    public bool IsKnown => column.IsKnown;

    public T Get<T>() where T : notnull => node.Get<T>();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A wish that nobody had before.</summary>
    public static Wish Wish() => Given.Mirror(Interlocked.Increment(ref lastRepository), forceFetch: true);

    /// <summary>A request that waits for a decision: the actor's own, or somebody else's.</summary>
    public Task<Request> PendingAsync(bool own) => Given.SubmittedAsync(node, Wish(), own ? actor with { Roles = [Role.Requester] } : Other);

    /// <summary>One that is approved and not sent.</summary>
    public Task<Request> ApprovedAsync(bool own) => Given.ApprovedAsync(node, Wish(), own ? actor with { Roles = [Role.Requester] } : Other);

    /// <summary>One whose call was refused, in the region that mirrors are in.</summary>
    public Task<Request> FailedAsync(bool own) => MovedAsync(own, "Failed", "Failed");

    /// <summary>One whose proof is looked for.</summary>
    public Task<Request> ObservedAsync(bool own) => MovedAsync(own, "InProgress", "Observing");

    /// <summary>The item of one whose outcome waits for a person.</summary>
    public async Task<Guid> OnDeskAsync(bool own) => (await MovedAsync(own, "OutcomeUnknown", "Unknown")).Items.Single().Id;

    /// <summary>One with an exchange on record.</summary>
    public async Task<Guid> WithAttemptAsync(bool own)
    {
        var request = await ApprovedAsync(own);
        await using var db = database.CreateDbContext();
        db.Attempts.Add(new Attempt
        {
            Id = Guid.CreateVersion7(),
            RequestId = request.Id,
            ItemId = request.Items.Single().Id,
            Purpose = AttemptPurpose.Send,
            Fence = 1,
            Method = "POST",
            Host = "example.com",
            Path = "/",
            Body = null,
            BodySha256 = "",
        });
        await db.SaveChangesAsync(Token);
        return request.Id;
    }

    /// <summary>A proposal by another operator that waits for a second person.</summary>
    public async Task<Guid> ProposalAsync(bool own)
    {
        var item = await OnDeskAsync(own);
        return (await node.Outcomes.SettleAsync(item, SettlementAction.MarkFailed, "x", Given.Operator, Token)).Value.Id;
    }

    /// <summary>A sign-in of the actor's own, or of somebody else.</summary>
    public async Task<Guid> SignInAsync(bool own)
    {
        var who = own ? actor : Other with { Id = Other.Id + Guid.CreateVersion7() };
        return (await database.SessionService(new SessionLimits { PerPerson = 100 })
            .BeginAsync(new Identity(who.Id, who.Name, who.Roles), new SignInOrigin(null, null), Token)).Session;
    }

    /// <summary>The id of the actor, or of somebody else whom nobody has met yet.</summary>
    public async Task<string> PersonAsync(bool own, bool shutOut = false)
    {
        if (own)
        {
            return actor.Id;
        }

        var id = "matrix/" + Guid.CreateVersion7();
        await using var db = database.CreateDbContext();
        db.People.Add(new Person { Id = id, Name = "Somebody", Roles = [], DisabledAt = shutOut ? DateTimeOffset.UnixEpoch : null });
        await db.SaveChangesAsync(Token);
        return id;
    }

    /// <summary>How often the actor was refused so far, by the trail.</summary>
    public async Task<int> DenialsAsync()
    {
        await using var db = database.CreateDbContext();
        return await db.Events.CountAsync(row => row.Kind == AuditKind.AccessDenied && row.ActorId == actor.Id, Token);
    }

    /// <summary>What a use case that may refuse says.</summary>
    public static async Task<string> SaysAsync<T>(Task<Outcome<T>> outcome) => (await outcome).Refusal is { } refusal ? Word(refusal) : "yes";

    /// <summary>A refusal in the words of the document; anything that is about something else than permission is a mistake of the row.</summary>
    public static string Word(Refusal refusal) => refusal switch
    {
        NotAllowed or MayNotDecide => "no",
        RequestNotFound or SignInNotFound => "not found",
        RequesterMayNotDecide or RequesterMayNotSettle or MayNotChangeOneself => "not oneself",
        OnlyRequesterMayWithdraw => "only who asked",
        // Passwords are off in this portal, which is asked only after who asks.
        InputInvalid { Problems: [{ WordKey: "Field.LoginNotAllowed" }] } => "yes",
        _ => throw new InvalidOperationException($"Not about permission: {refusal}"),
    };

    /// <summary>What of two requests a list shows, one of the actor's own and one of somebody else's.</summary>
    public static string Shows(IEnumerable<Guid> listed, Request? own, Request other) => (own is not null && listed.Contains(own.Id), listed.Contains(other.Id)) switch
    {
        (true, true) => "all",
        (true, false) => "own",
        (false, true) => "others'",
        _ => "nothing",
    };

    /// <summary>The fields of a wish, as the form sends them.</summary>
    public static JsonObject Fields() => Wish().Payload;

    async Task<Request> MovedAsync(bool own, string state, string itemState)
    {
        var request = await ApprovedAsync(own);
        await database.UnguardedAsync("update portal.request set state = $2, changed_at = now() where id = $1", request.Id, state);
        await database.UnguardedAsync(
            "update portal.request_item set state = $2, sent_at = now(), due_at = case when $2 = 'Observing' then now() end where request_id = $1", request.Id, itemState);
        return await node.RequestAsync(request.Id);
    }
}
