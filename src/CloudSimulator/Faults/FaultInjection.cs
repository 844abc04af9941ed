using CloudSimulator.Control;
using CloudSimulator.Gateway;
using CloudSimulator.Swr;
using Microsoft.AspNetCore.Http.Features;

namespace CloudSimulator.Faults;

/// <summary>Stands before the services and lets a scripted fault meet a call, with or without the call's effect.</summary>
sealed class FaultInjection(RequestDelegate next, FaultBook faults, SwrErrorSwitches swrErrors, IHostApplicationLifetime lifetime)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<ReceivedRequest>() is not { } received || faults.Take(received) is not { } fault)
        {
            await next(context);
            return;
        }
        var call = context.Features.GetRequiredFeature<Call>();
        call.Fault = fault.Name;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await InjectAsync(context, received, fault, call, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client went away, or the simulator stops: nobody waits for an answer any more.
            call.Unanswered = true;
            context.Abort();
        }
    }

    async Task InjectAsync(HttpContext context, ReceivedRequest received, Fault fault, Call call, CancellationToken cancellation)
    {
        if (fault.DelayMilliseconds > 0)
            await Task.Delay(fault.DelayMilliseconds, cancellation);

        var givesRealAnswer = fault.Status is null && fault.Connection is not (ConnectionFault.Reset or ConnectionFault.Hang);
        var worksBefore = fault.ApplyEffect ?? (givesRealAnswer && fault.Connection != ConnectionFault.Hold);
        var answer = worksBefore ? await WorkAsync(context) : null;

        if (fault.Connection is ConnectionFault.Hang or ConnectionFault.Hold)
            await WaitAsync(fault, cancellation);
        if (fault.Connection == ConnectionFault.Reset)
        {
            call.Unanswered = true;
            context.Abort();
            return;
        }

        if (givesRealAnswer)
            answer ??= await WorkAsync(context);
        else
            answer = ScriptedAnswer.Of(fault, received, swrErrors);
        answer = BodyFaults.Apply(fault.BodyFault, answer!);
        await SendAsync(context, received, fault, call, answer, cancellation);
    }

    async Task WaitAsync(Fault fault, CancellationToken cancellation)
    {
        using var waiting = faults.BeginWaiting();
        if (fault.Connection == ConnectionFault.Hang)
            await Task.Delay(Timeout.Infinite, cancellation);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(waiting.Released, Task.Delay(TimeSpan.FromSeconds(fault.HoldSeconds), ending.Token));
        await ending.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Lets the service do its work and keeps the answer back.</summary>
    async Task<HeldAnswer> WorkAsync(HttpContext context)
    {
        var wire = context.Response.Body;
        using var kept = new MemoryStream();
        context.Response.Body = kept;
        try
        {
            await next(context);
            await context.Response.BodyWriter.FlushAsync();
        }
        finally
        {
            context.Response.Body = wire;
        }
        return new HeldAnswer(
            context.Response.StatusCode,
            context.Response.Headers.Where(h => h.Key is not "Content-Length").ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            kept.ToArray());
    }

    static async Task SendAsync(HttpContext context, ReceivedRequest received, Fault fault, Call call, HeldAnswer answer, CancellationToken cancellation)
    {
        var response = context.Response;
        response.Headers.Clear();
        response.StatusCode = answer.Status;
        response.Headers["X-Request-Id"] = received.RequestId;
        foreach (var (name, value) in answer.Headers)
            response.Headers[name] = value;
        foreach (var (name, value) in fault.Headers)
            response.Headers[name] = value;
        // Also keeps the intake from taking an empty scripted 404 for a route that does not exist.
        response.ContentType ??= "application/json;charset=utf-8";
        response.ContentLength = answer.Body.Length;
        if (fault.Connection != ConnectionFault.Cut)
        {
            await response.Body.WriteAsync(answer.Body, cancellation);
            return;
        }
        // Kestrel closes a connection whose answer ended before its announced length, after sending what there is; an abort would lose that half.
        response.ContentLength = Math.Max(answer.Body.Length, 2);
        await response.Body.WriteAsync(answer.Body.AsMemory(0, answer.Body.Length / 2), cancellation);
        await response.Body.FlushAsync(cancellation);
        call.Unanswered = true;
    }
}

/// <summary>An answer that has not been sent yet.</summary>
sealed record HeldAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);
