using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Policies;
using Portal.Telemetry;

namespace Portal.Requests;

/// <summary>What somebody asks for: a kind, its fields as they were filled in, why, and a login only where one is allowed.</summary>
/// <param name="Kind">Name of the kind.</param>
/// <param name="Payload">The fields, as they were filled in.</param>
/// <param name="Reason">Why, in the requester's words.</param>
/// <param name="Login">A user name and password, only where they are allowed.</param>
/// <param name="WithCompanion">Whether to ask for <see cref="IKind.CompanionAsync"/> too, under the same approval.</param>
public sealed record SubmitInput(string Kind, JsonObject Payload, string Reason, LoginInput? Login = null, bool WithCompanion = false);

/// <summary>A wish that was looked at but not submitted: what the checks say, the first call that would be made, how many there are, and what goes well with it.</summary>
public sealed record Preview(IReadOnlyList<Finding> Findings, CloudCall Call, int Calls, IReadOnlyList<string> Risks, Companion? Companion);

/// <summary>What a requester does: check, submit, withdraw. Each method checks the permission itself, because a page outlives a change of role.</summary>
public sealed class RequestService(
    IDbContextFactory<PortalDb> databases, KindList kinds, LoginSeal seal, IOptions<RequestsOptions> options, AuditTrail audit, RateGate limits)
{
    /// <summary>Looks at the cloud and shows what would be sent. Changes nothing.</summary>
    public async Task<Outcome<Preview>> CheckAsync(string kindName, JsonObject input, Actor actor, CancellationToken token)
    {
        if (await limits.WhyNotAsync(RateLimit.Check, actor) is { } tooOften)
        {
            return tooOften;
        }

        if (!actor.May(Permission.SubmitRequests))
        {
            return await DenyAsync(actor, "request.check");
        }

        if (kinds.Find(kindName) is not { } kind)
        {
            return new KindNotFound();
        }

        var reading = kind.Read(input);
        if (!reading.IsValid)
        {
            return new InputInvalid(reading.Problems);
        }

        var (payload, findings) = await kind.CheckAsync(reading.Payload!, token);
        return new Preview(
            findings, kind.PreviewFor(payload), kind.PartsOf(payload).Count, kind.RisksOf(payload), await kind.CompanionAsync(payload, token));
    }

    /// <summary>
    /// Submits a wish: checks it once more, then writes request, item and audit row in one commit. Refused without any trace in the
    /// tables when a field is wrong or a check blocks.
    /// </summary>
    public async Task<Outcome<Request>> SubmitAsync(SubmitInput input, Actor actor, CancellationToken token)
    {
        if (await limits.WhyNotAsync(RateLimit.Submit, actor) is { } tooOften)
        {
            return tooOften;
        }

        if (!actor.May(Permission.SubmitRequests))
        {
            return await DenyAsync(actor, "request.submit");
        }

        if (kinds.Find(input.Kind) is not { } kind)
        {
            return new KindNotFound();
        }

        var reading = kind.Read(input.Payload);
        List<FieldProblem> problems = [.. reading.Problems, .. LoginProblems(input)];
        if (FreeText.ProblemOf("reason", input.Reason, required: true) is { } reasonProblem)
        {
            problems.Add(reasonProblem);
        }

        if (problems.Count > 0)
        {
            return new InputInvalid(problems);
        }

        var (payload, findings) = await kind.CheckAsync(reading.Payload!, token);
        if (findings.Any(finding => finding.Level == FindingLevel.Block))
        {
            return new BlockedByCheck(findings);
        }

        var request = Make(kind, payload, input.Reason.Trim(), findings, actor, pairedWith: null);
        using var span = Traces.OfRequest("submit", request.Id);
        Request? pair = null;
        if (input.WithCompanion)
        {
            var made = await MakePairAsync(kind, payload, request, actor, token);
            if (!made.IsDone)
            {
                return made.Refusal!;
            }

            pair = made.Value;
        }

        await using var db = await databases.CreateDbContextAsync(token);
        if (await OpenTwinAsync(db, request, token) is { } twin)
        {
            return twin;
        }

        Add(db, request, actor);
        if (pair is not null)
        {
            Add(db, pair, actor);
        }

        if (input.Login is not null)
        {
            db.SealedLogins.Add(seal.Seal(request.Id, input.Login));
        }

        try
        {
            await db.SaveChangesAsync(token);
            return request;
        }
        catch (DbUpdateException conflict) when (Conflict.IsUnique(conflict, RequestMapping.OpenTwin))
        {
            // A double click: the first of the two was committed a moment ago. Decided since then, it is in nobody's way.
            if (await OpenTwinAsync(db, request, token) is { } first)
            {
                return first;
            }

            throw;
        }
    }

    /// <summary>Takes a request back. Only by who asked, and only before it is decided.</summary>
    public async Task<Outcome<Request>> WithdrawAsync(Guid id, Actor actor, CancellationToken token)
    {
        if (await limits.WhyNotAsync(RateLimit.Change, actor) is { } tooOften)
        {
            return tooOften;
        }

        await using var db = await databases.CreateDbContextAsync(token);
        var request = await db.Requests.Include(found => found.Items).SingleOrDefaultAsync(found => found.Id == id, token);
        if (request is null || (request.RequesterId != actor.Id && !actor.May(Permission.ReadAllRequests)))
        {
            return new RequestNotFound();
        }

        if (request.RequesterId != actor.Id)
        {
            return new OnlyRequesterMayWithdraw();
        }

        if (request.PairedWith is { } first)
        {
            return new BelongsToPair(await db.Requests.Where(other => other.Id == first).Select(other => other.Number).SingleAsync(token));
        }

        if (request.State != RequestState.PendingApproval)
        {
            return new StateChanged(request.State);
        }

        var now = await db.ClockAsync(token);
        foreach (var closed in await request.WithPairAsync(db, token))
        {
            closed.Close(RequestState.Withdrawn, now);
            closed.Record(db, actor, AuditKind.RequestWithdrawn, []);
        }

        await db.SealedLogins.Where(login => login.RequestId == id).ForEachAsync(login => db.SealedLogins.Remove(login), token);
        return await request.SaveAsync(db, token);
    }

    async Task<Outcome<Request>> MakePairAsync(IKind kind, JsonObject payload, Request first, Actor actor, CancellationToken token)
    {
        if (await kind.CompanionAsync(payload, token) is not { } companion)
        {
            return new NoCompanion();
        }

        var other = kinds[companion.Kind];
        var reading = other.Read(companion.Input);
        if (!reading.IsValid)
        {
            return new InputInvalid(reading.Problems);
        }

        var (wanted, findings) = await other.CheckAsync(reading.Payload!, token);
        return findings.Any(finding => finding.Level == FindingLevel.Block)
            ? new BlockedByCheck(findings)
            : Make(other, wanted, first.Reason, findings, actor, first.Id);
    }

    static void Add(PortalDb db, Request request, Actor actor)
    {
        db.Requests.Add(request);
        request.Record(db, actor, AuditKind.RequestSubmitted, new()
        {
            ["kind"] = request.Kind,
            ["payload"] = request.PayloadTree(),
            ["payloadHash"] = request.PayloadHash,
            ["policy"] = request.Policy,
            ["reason"] = request.Reason,
            ["subject"] = request.Subject,
            ["pairedWith"] = request.PairedWith?.ToString(),
            ["findings"] = JsonNode.Parse(request.Findings),
        });
    }

    static Request Make(IKind kind, JsonObject payload, string reason, IReadOnlyList<Finding> findings, Actor actor, Guid? pairedWith)
    {
        var request = new Request
        {
            Id = Guid.CreateVersion7(),
            Kind = kind.Name,
            RequesterId = actor.Id,
            RequesterName = actor.Name,
            Reason = reason,
            Subject = kind.SubjectOf(payload),
            Payload = CanonicalJson.ToText(payload),
            PayloadHash = Kinds.Payload.HashOf(kind.Name, payload),
            Policy = PolicyMatcher.Match(kind.Name, payload).Name,
            Findings = CanonicalJson.ToText(Finding.ToJson(findings)),
            PairedWith = pairedWith,
        };
        request.Items.AddRange(kind.PartsOf(payload).Select(part => new RequestItem
        {
            Id = Guid.CreateVersion7(),
            RequestId = request.Id,
            Part = part,
            Target = kind.TargetOf(payload, part),
            Lane = kind.PreviewFor(payload).Lane,
            Operation = kind.Operation,
            RequesterId = request.RequesterId,
        }));
        return request;
    }

    static Task<AlreadyAsked?> OpenTwinAsync(PortalDb db, Request request, CancellationToken token) =>
        OpenTwin(db, request.PayloadHash, request.RequesterId, token);

    // Compiled once: it is part of every submit.
    static readonly Func<PortalDb, string, string, CancellationToken, Task<AlreadyAsked?>> OpenTwin =
        EF.CompileAsyncQuery((PortalDb db, string payloadHash, string requester, CancellationToken _) => db.Requests
            .Where(other => other.PayloadHash == payloadHash && other.RequesterId == requester && other.State == RequestState.PendingApproval)
            .Select(other => new AlreadyAsked(other.Id, other.Number))
            .FirstOrDefault());

    IEnumerable<FieldProblem> LoginProblems(SubmitInput input)
    {
        var announced = input.Payload["loginGiven"] is JsonValue value && value.TryGetValue<bool>(out var given) && given;
        var mode = options.Value.MirrorPasswords;
        if (mode == MirrorPasswords.AfterApproval && input.Login is not null)
        {
            // What should not be stored is not taken either.
            yield return new FieldProblem("login", "Field.LoginAfterApproval");
        }
        else if (mode != MirrorPasswords.AfterApproval && announced != input.Login is not null)
        {
            yield return new FieldProblem("login", "Field.LoginMissing");
        }
        else if (announced && mode == MirrorPasswords.Never)
        {
            yield return new FieldProblem("login", "Field.LoginNotAllowed");
        }
        else if (input.Login?.Problem is { } problem)
        {
            yield return problem;
        }
    }

    async Task<NotAllowed> DenyAsync(Actor actor, string what)
    {
        await audit.RecordAloneAsync(actor, AuditKind.AccessDenied, new() { ["what"] = what });
        return new NotAllowed(Permission.SubmitRequests);
    }
}
