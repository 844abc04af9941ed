using System.Collections.ObjectModel;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Requests;
using Portal.Telemetry;

namespace Portal.Dispatch;

/// <summary>
/// Writes down what is about to be sent. Re-reads everything that allows the call in the same transaction: who does not hold the claim,
/// or finds that the approval no longer stands, sends nothing.
/// </summary>
public sealed class Intents(
    IDbContextFactory<PortalDb> databases, CloudLook look, CloudClient cloud, KindList kinds, LoginSeal seal, Lease lease, Checkpoints checkpoints,
    TimeProvider time, ILogger<Intents> log)
{
    /// <summary>How often the portal itself may fail before a call until a person must look at it.</summary>
    public const int MostFaults = 3;

    // Waits in front of an item whose turn it is not yet, or whose preparation failed.
    static readonly TimeSpan TargetBusy = TimeSpan.FromSeconds(5);

    /// <summary>The intents of the claims that may be sent now, committed; in one transaction where none of them needs a look first.</summary>
    public async Task<IReadOnlyList<Begun>> BeginAsync(IReadOnlyList<Claim> claims)
    {
        if (claims.Count > 1)
        {
            try
            {
                return await WriteAsync(claims, null);
            }
            catch (Exception failure) when (!Conflict.IsDatabaseAway(failure) || Conflict.IsRolledBack(failure))
            {
                // One of them cannot be begun: nothing was committed. One by one, the others can.
                log.LogDebug(failure, "{Count} intents could not be written together", claims.Count);
            }
        }

        List<Begun> begun = [];
        foreach (var claim in claims)
        {
            try
            {
                begun.AddRange(await BeginAsync(claim, look: false));
            }
            catch (Exception failure) when (Conflict.IsDatabaseAway(failure))
            {
                // Those that are begun must be sent all the same; the lease of this one ends by itself.
                log.LogError(failure, "Item {Item} could not be begun", claim.ItemId);
            }
        }

        return begun;
    }

    /// <summary>The intent of one claim, committed; nothing when it may not be sent now. The login is one that was typed for it just now.</summary>
    public async Task<IReadOnlyList<Begun>> BeginAsync(Claim claim, bool look, MirrorLogin? given = null)
    {
        try
        {
            return await WriteAsync([claim], look ? await LookAsync(claim) : null, given);
        }
        catch (DbUpdateException failure) when (Conflict.IsUnique(failure, RequestItemMapping.OneUnderWay))
        {
            // Another worker began on the same target a moment ago. Nothing was sent under this claim.
            await PutBackAsync(claim, "Note.TargetBusy");
        }
        catch (Exception failure) when (!Conflict.IsDatabaseAway(failure))
        {
            log.LogError(failure, "Item {Item} could not be prepared for sending", claim.ItemId);
            await CountFaultAsync(claim);
        }

        return [];
    }

    async Task<Readiness> LookAsync(Claim claim)
    {
        await using var db = await databases.CreateDbContextAsync();
        var request = await db.Requests.AsNoTracking().SingleAsync(found => found.Id == claim.RequestId);
        var item = await db.Items.AsNoTracking().SingleAsync(found => found.Id == claim.ItemId);
        var kind = kinds[request.Kind];
        var payload = request.PayloadTree();
        var answers = await look.AtAsync(item, AttemptPurpose.Baseline, kind.LooksFor(payload, item.Part));
        return kind.ReadyFrom(payload, item.Part, answers);
    }

    async Task<IReadOnlyList<Begun>> WriteAsync(IReadOnlyList<Claim> claims, Readiness? seen, MirrorLogin? given = null)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var items = (await ItemClaims.HoldAsync(db, claims, CancellationToken.None)).Where(item => item.State == ItemState.Queued).ToList();
        var requests = await ItemClaims.LockRequestsAsync(db, items.Select(item => item.RequestId), CancellationToken.None);
        Guid[] ids = [.. requests.Keys];
        var logins = await LoginsAsync(db, requests.Values);
        var lapsed = await LapsedApproversAsync(db, ids);
        var since = time.GetTimestamp();
        var now = await db.ClockAsync(CancellationToken.None);

        List<Begun> begun = [];
        foreach (var item in items)
        {
            var request = requests[item.RequestId];
            var payload = request.PayloadTree();
            var login = logins.GetValueOrDefault(request.Id);
            var why = WhyNot(request, payload, lapsed.Contains(request.Id), now) ?? seen?.WhyNot;
            if (why is not null)
            {
                await RefuseAsync(db, request, item, login, why, now);
                continue;
            }

            using var opened = given ?? (login is null ? null : seal.Open(login));
            if (request.HasLogin && opened is null)
            {
                AskForLogin(db, request, item, login);
                continue;
            }

            begun.Add(Begin(db, claims.Single(claim => claim.ItemId == item.Id), request, payload, item, opened, seen, now, since));
        }

        var writing = begun.ConvertAll(call => Traces.Below(call.Span, "intent"));
        await db.SaveTogetherAsync(CancellationToken.None);
        checkpoints.Pass(Checkpoint.IntentNotCommitted);
        await transaction.CommitAsync();
        writing.ForEach(span => span?.Dispose());
        return begun;
    }

    // Hardly any request has one.
    static async Task<IReadOnlyDictionary<Guid, SealedLogin>> LoginsAsync(PortalDb db, IEnumerable<Request> requests)
    {
        Guid[] withLogin = [.. requests.Where(request => request.HasLogin).Select(request => request.Id)];
        return withLogin.Length == 0
            ? ReadOnlyDictionary<Guid, SealedLogin>.Empty
            : await db.SealedLogins.Where(login => withLogin.Contains(login.RequestId)).ToDictionaryAsync(login => login.RequestId);
    }

    Begun Begin(
        PortalDb db, Claim claim, Request request, JsonObject payload, RequestItem item, MirrorLogin? login, Readiness? readiness, DateTimeOffset now,
        long since)
    {
        var kind = kinds[request.Kind];
        var call = kind.CallFor(payload, item.Part, login);
        TimeSpan? waited = item.Sends == 0 ? now - item.DueAt : null;
        item.BeginSending(now, now + lease.Length, readiness?.Baseline is { } baseline ? CanonicalJson.ToText(baseline) : null);
        request.Move(RequestState.InProgress, now);
        var attempt = Attempt.For(item, AttemptPurpose.Send, call, cloud.UrlOf(call));
        db.Attempts.Add(attempt);
        request.Record(db, Actor.System, AuditKind.DispatchRecorded, ExchangeFacts.Of(attempt, item));
        return new Begun(claim, attempt, call, kind, since, waited, Traces.Aside("dispatch", request.Id, request.Number, item.Id, item.Operation));
    }

    // The database promises most of this already; a call that cannot be taken back is worth asking twice.
    static string? WhyNot(Request request, JsonObject payload, bool approverLapsed, DateTimeOffset now) => request switch
    {
        { State: not (RequestState.Approved or RequestState.InProgress) } => "Note.NotApproved",
        { ApprovedUntil: { } until } when until <= now => "Note.ApprovalExpired",
        _ when Payload.HashOf(request.Kind, payload) != request.ApprovedHash => "Note.ChangedSinceApproval",
        _ when approverLapsed => "Note.ApproverLapsed",
        _ => null,
    };

    // A call without its login is another call than was approved. The approval stands: only the login is asked for again.
    static void AskForLogin(PortalDb db, Request request, RequestItem item, SealedLogin? login)
    {
        item.AskForLogin(login is null ? "Note.LoginNeeded" : "Note.LoginLost");
        if (login is not null)
        {
            db.SealedLogins.Remove(login);
        }

        request.Record(
            db, Actor.System, AuditKind.RequestLoginNeeded, new() { ["item"] = item.Id.ToString(), ["part"] = item.NamedPart, ["note"] = item.Note });
    }

    static async Task RefuseAsync(PortalDb db, Request request, RequestItem item, SealedLogin? login, string why, DateTimeOffset now)
    {
        await db.Entry(request).Collection(found => found.Items).LoadAsync();
        if (why == "Note.ApprovalExpired" && request.State == RequestState.Approved)
        {
            request.Close(RequestState.Expired, now);
        }
        else if (item.MayHaveHappened)
        {
            // It may not be sent again, and nobody knows what became of the first call: a person says so.
            item.Park(why);
            request.MoveToResult(now);
        }
        else if (why == "Note.ApprovalExpired")
        {
            item.Skip(why);
            request.MoveToResult(now);
        }
        else
        {
            item.End(ItemState.Failed, SentLight.No, ProvedLight.No, why, evidence: null);
            request.MoveToResult(now);
        }

        if (login is not null)
        {
            db.SealedLogins.Remove(login);
        }

        request.Record(
            db, Actor.System, request.State == RequestState.Expired ? AuditKind.RequestExpired : AuditKind.DispatchRefused,
            new() { ["item"] = item.Id.ToString(), ["part"] = item.NamedPart, ["note"] = why });
    }

    // A role that was taken away since the approval takes the approval with it. Whoever has not been seen since is taken as they were then.
    static async Task<IReadOnlySet<Guid>> LapsedApproversAsync(PortalDb db, Guid[] requests)
    {
        var deciders = await db.Decisions
            .Where(decision => requests.Contains(decision.RequestId))
            .Join(db.People, decision => decision.DeciderId, person => person.Id, (decision, person) => new { decision.RequestId, Person = person })
            .ToListAsync();
        return deciders.Where(decider => !decider.Person.May(Permission.DecideRequests)).Select(decider => decider.RequestId).ToHashSet();
    }

    async Task PutBackAsync(Claim claim, string note)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await ItemClaims.HoldAsync(db, claim, CancellationToken.None) is { } item)
        {
            item.PutBack(await db.ClockAsync(CancellationToken.None) + TargetBusy, note);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
    }

    async Task CountFaultAsync(Claim claim)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await ItemClaims.HoldAsync(db, claim, CancellationToken.None) is not { State: ItemState.Queued } item)
        {
            return;
        }

        var request = await ItemClaims.LockRequestAsync(db, claim.RequestId, CancellationToken.None);
        var now = await db.ClockAsync(CancellationToken.None);
        if (item.CountFault() < MostFaults)
        {
            item.PutBack(now + TargetBusy, "Note.PortalFault");
        }
        else
        {
            item.Park("Note.Parked.Fault");
            request.MoveToResult(now);
            request.Record(db, Actor.System, AuditKind.DispatchParked, new()
            {
                ["item"] = item.Id.ToString(),
                ["part"] = item.NamedPart,
                ["note"] = item.Note,
                ["faults"] = item.Faults,
            });
        }

        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }
}
