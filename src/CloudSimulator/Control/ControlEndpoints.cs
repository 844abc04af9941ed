using System.Text.Json;
using System.Text.Json.Nodes;
using CloudSimulator.CodeArts;
using CloudSimulator.Faults;
using CloudSimulator.Iam;
using CloudSimulator.Signing;
using CloudSimulator.Swr;

namespace CloudSimulator.Control;

/// <summary>The simulator's own API, without authentication: what happened, what shall go wrong, and time. README.md has the table.</summary>
static class ControlEndpoints
{
    const double MostSeconds = 366 * 86_400;
    const int MostInBulk = 20_000;

    public static void AddControl(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton<SimulatorClock>()
        .AddSingleton(new Pace(configuration))
        .AddSingleton<EffectCounter>()
        .AddSingleton<CallLog>()
        .AddSingleton<MirrorInbox>();

    public static void MapControl(this WebApplication app)
    {
        app.MapGet("/health", () => new { status = "ok" });
        var control = app.MapGroup("/control");

        control.MapGet("/effects", (EffectCounter effects, string? target) =>
            target is null ? Results.Ok(new { effects = effects.All() }) : Results.Ok(new { target, count = effects.Of(target) }));
        control.MapGet("/calls", (CallLog calls) => new { calls = calls.All() });
        control.MapGet("/inbox", (MirrorInbox inbox) => new { inbox = inbox.All() });
        control.MapPost("/reset", Reset);

        control.MapGet("/presets", () => Results.Json(FaultPresets.All, FaultPresets.Json));
        control.MapGet("/faults", (FaultBook faults) => Results.Json(new { faults = faults.All() }, FaultPresets.Json));
        control.MapPost("/faults", AddFault);
        control.MapDelete("/faults", (FaultBook faults) => Done(faults.Clear));
        control.MapGet("/faults/waiting", WhenWaiting);
        control.MapPost("/faults/release", (FaultBook faults) => Done(faults.Release));

        control.MapPost("/clock/advance", Advance);
        control.MapPost("/pace", SetPace);
        control.MapPost("/tokens/invalidate", (TokenStore tokens) => new { withdrawn = tokens.WithdrawAll() });
        control.MapPost("/errors/shape", SetShape);
        control.MapPost("/duplicates", SetDuplicates);
        control.MapPost("/push", Push);
        control.MapPost("/mirrors/{region}/{id:int}", ScriptMirror);
        control.MapPost("/bulk", AddBulk);
    }

    static IResult Reset(SimulatorClock clock, Pace pace, Registry registry, RepositoryStore repositories, AccessKeyLock locks,
        EffectCounter effects, CallLog calls, MirrorInbox inbox, FaultBook faults, SwrErrorSwitches errors)
    {
        // The clock first: sample dates are counted back from it. Tokens stay good: a client may have cached one.
        clock.Reset();
        pace.Reset();
        errors.Reset();
        faults.Clear();
        locks.Reset();
        registry.Reset();
        repositories.Reset();
        effects.Reset();
        calls.Reset();
        inbox.Reset();
        return Results.NoContent();
    }

    static IResult AddFault(JsonObject request, FaultBook faults)
    {
        try
        {
            var fault = FaultPresets.Read(request);
            return faults.Add(fault) ? Results.Json(fault, FaultPresets.Json, statusCode: StatusCodes.Status201Created) : Refused("There are too many faults; DELETE /control/faults.");
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return Refused(e.Message);
        }
    }

    /// <summary>Answers as soon as <paramref name="count"/> calls are held or left hanging, so that a test need not guess when its call has arrived.</summary>
    static async Task<IResult> WhenWaiting(HttpContext context, FaultBook faults, int count = 1)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            await faults.WhenWaitingAsync(count, limit.Token);
            return Results.Ok(new { waiting = true });
        }
        catch (OperationCanceledException)
        {
            return Results.Json(new { waiting = false }, statusCode: StatusCodes.Status408RequestTimeout);
        }
    }

    static IResult Advance(AdvanceRequest request, SimulatorClock clock)
    {
        if (request.Seconds is not (>= 0 and <= MostSeconds))
            return Refused("seconds is between 0 and one year.");
        clock.Advance(TimeSpan.FromSeconds(request.Seconds));
        return Results.Ok(new { now = clock.GetUtcNow() });
    }

    static IResult SetPace(PaceRequest request, Pace pace)
    {
        if (request.JobSeconds is not (null or (>= 0 and <= MostSeconds)) || request.MirrorSeconds is not (null or (>= 0 and <= MostSeconds)))
            return Refused("jobSeconds and mirrorSeconds are between 0 and one year.");
        pace.Set(request.JobSeconds, request.MirrorSeconds);
        return Results.NoContent();
    }

    static IResult SetShape(ShapeRequest request, SwrErrorSwitches errors)
    {
        SwrErrorShape? shape = request.Shape switch { "a" => SwrErrorShape.A, "b" => SwrErrorShape.B, "c" => SwrErrorShape.C, _ => null };
        if (shape is null && request.Shape != "usual")
            return Refused("shape is a, b, c or usual.");
        errors.Shape = shape;
        return Results.NoContent();
    }

    static IResult SetDuplicates(DuplicateRequest request, SwrErrorSwitches errors)
    {
        if (request.Status is not (400 or 409))
            return Refused("status is 400 or 409.");
        errors.DuplicateStatus = request.Status;
        return Results.NoContent();
    }

    static IResult Push(PushRequest request, Registry registry)
    {
        if (!SwrNames.IsTag(request.Tag))
            return Refused("tag is not a tag name.");
        return registry.Push(request.Region, request.Namespace, request.Repository, request.Tag) is { } pushed
            ? Results.Ok(new { digest = pushed.Digest, jobs = pushed.Jobs })
            : Results.NotFound(new { error = "There is no such repository." });
    }

    static IResult ScriptMirror(string region, int id, MirrorRequest request, RepositoryStore repositories)
    {
        if (request.DelaySeconds is not (null or (>= 0 and <= MostSeconds)))
            return Refused("delaySeconds is between 0 and one year.");
        var script = new MirrorScript(request.Fail, request.Error, request.DelaySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        return repositories.ReadMirror(region, id, mirror => mirror.NextResult = script) is null
            ? Results.NotFound(new { error = "There is no such mirror." })
            : Results.NoContent();
    }

    static IResult AddBulk(BulkRequest request, Registry registry, RepositoryStore repositories)
    {
        if (request.Images is not (>= 0 and <= MostInBulk) || request.Mirrors is not (>= 0 and <= MostInBulk))
            return Refused($"images and mirrors are between 0 and {MostInBulk}.");
        registry.AddBulk(request.Images);
        repositories.AddBulk(request.Mirrors);
        return Results.NoContent();
    }

    static IResult Refused(string why) => Results.BadRequest(new { error = why });

    static IResult Done(Action action)
    {
        action();
        return Results.NoContent();
    }
}
