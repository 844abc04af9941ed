using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Huawei;
using Portal.Kinds;

namespace Portal.Requests;

/// <summary>Takes the user name and password that an approved call waits for. They go into one call and are stored nowhere.</summary>
public sealed class GiveLoginService(IDbContextFactory<PortalDb> databases, IOptions<RequestsOptions> options, GivenLogins logins, TimeProvider time, AuditTrail audit)
{
    /// <summary>Hands a typed login to the call that waits for it, on this node, now. Only by who asked: it is their password.</summary>
    public async Task<Outcome<Request>> GiveAsync(Guid id, LoginInput login, Actor actor, CancellationToken token)
    {
        await using var db = await databases.CreateDbContextAsync(token);
        await using var transaction = await db.Database.BeginTransactionAsync(token);
        await db.Items.FromSql($"select * from portal.request_item where request_id = {id} order by id for update").LoadAsync(token);
        var request = (await db.Requests.FromSql($"select *, xmin from portal.request where id = {id} for update").ToListAsync(token)).SingleOrDefault();
        if (request is null || (request.RequesterId != actor.Id && !actor.May(Permission.ReadAllRequests)))
        {
            return new RequestNotFound();
        }

        if (request.RequesterId != actor.Id || !actor.May(Permission.SubmitRequests))
        {
            await audit.RecordAloneAsync(actor, AuditKind.AccessDenied, new() { ["what"] = "request.give_login", ["request"] = id.ToString() });
            return new NotAllowed(Permission.SubmitRequests);
        }

        var now = await db.ClockAsync(token);
        if (await WhyNotAsync(db, request, login, now, token) is { } refusal)
        {
            return refusal;
        }

        var item = request.Items.Single(waiting => waiting.State == ItemState.NeedsLogin);
        item.HoldForLogin(now, now + GivenLogins.Longest, "Note.LoginGiven");
        request.Record(db, actor, AuditKind.RequestLoginGiven, new() { ["item"] = item.Id.ToString(), ["part"] = item.NamedPart });
        var saved = await request.SaveAsync(db, token);
        if (saved.IsDone)
        {
            await transaction.CommitAsync(token);
            logins.Give(new GivenLogin(item.Id, id, item.Fence, new MirrorLogin(login.UserName, login.Password), time.GetTimestamp()));
        }

        return saved;
    }

    async Task<Refusal?> WhyNotAsync(PortalDb db, Request request, LoginInput login, DateTimeOffset now, CancellationToken token)
    {
        if (options.Value.MirrorPasswords == MirrorPasswords.Never)
        {
            return new InputInvalid([new FieldProblem("login", "Field.LoginNotAllowed")]);
        }

        if (login.Problem is { } problem)
        {
            return new InputInvalid([problem]);
        }

        if (request.Items.Count(item => item.State == ItemState.NeedsLogin) != 1)
        {
            return new StateChanged(request.State);
        }

        if (request.ApprovedUntil is not { } until || until <= now)
        {
            return new ApprovalOver();
        }

        // The login would wait for longer than it is kept: better to be asked again later.
        var lane = request.Items.Single(item => item.State == ItemState.NeedsLogin).Lane;
        return await db.Database.SqlQuery<bool>(
            $"""
            select exists (select from portal.lane
              where (name = {lane} and (paused_at is not null or open_until is not null)) or (name = '*' and paused_at is not null)) as "Value"
            """).SingleAsync(token)
            ? new SendingIsPaused()
            : null;
    }
}
