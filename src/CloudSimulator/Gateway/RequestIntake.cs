using System.Security.Cryptography;
using CloudSimulator.Control;
using Microsoft.AspNetCore.Http.Features;

namespace CloudSimulator.Gateway;

/// <summary>First step of every cloud call: gives it a request id, reads its body, writes it into the call log, and answers for routes that do not exist.</summary>
sealed class RequestIntake(RequestDelegate next, CallLog calls, MirrorInbox inbox)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (ReceivedRequest.ServiceOf(target.Split('?', 2)[0]) is not { } service)
        {
            await next(context);
            return;
        }

        var requestId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers["X-Request-Id"] = requestId;
        if (service == CloudService.Iam)
            context.Response.Headers["X-IAM-Trace-Id"] = $"token_{requestId}";

        var call = calls.Begin(context.Request.Method, target, requestId);
        context.Features.Set(call);
        try
        {
            if (await ReadBodyAsync(context.Request, context.RequestAborted) is not { } body)
            {
                await GatewayError.BodyTooLarge(requestId).ExecuteAsync(context);
                return;
            }
            var received = new ReceivedRequest(requestId, context.Request.Method, target, body);
            context.Features.Set(received);
            inbox.Keep(received);
            await next(context);
            if (!context.Response.HasStarted && context.Response is { StatusCode: 404 or 405, ContentType: null } && !call.Unanswered)
                await GatewayError.NoSuchApi(requestId).ExecuteAsync(context);
        }
        finally
        {
            call.End(context.Response.StatusCode);
        }
    }

    static async Task<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > GatewayLimits.LargestBody)
            return null;
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            await body.WriteAsync(buffer.AsMemory(0, read), cancellation);
            if (body.Length > GatewayLimits.LargestBody)
                return null;
        }
        return body.ToArray();
    }
}
