using System.Text;
using System.Text.Json;
using CloudSimulator.Gateway;
using CloudSimulator.Swr;

namespace CloudSimulator.Faults;

/// <summary>The answer that a fault scripts, in the shape that belongs to its error code.</summary>
static class ScriptedAnswer
{
    public static HeldAnswer Of(Fault fault, ReceivedRequest received, SwrErrorSwitches swrErrors)
    {
        var status = fault.Status ?? StatusCodes.Status500InternalServerError;
        var body = fault.Body switch
        {
            { ValueKind: JsonValueKind.String } text => Encoding.UTF8.GetBytes(text.GetString()!),
            { } json => JsonSerializer.SerializeToUtf8Bytes(json, CloudJson.Options),
            null when fault.Code is not null => JsonSerializer.SerializeToUtf8Bytes(ErrorBody(fault, received, swrErrors, status), CloudJson.Options),
            null => [],
        };
        return new HeldAnswer(status, new Dictionary<string, string> { ["Content-Type"] = fault.ContentType ?? "application/json;charset=utf-8" }, body);
    }

    static object ErrorBody(Fault fault, ReceivedRequest received, SwrErrorSwitches swrErrors, int status)
    {
        var (code, message) = (fault.Code!, fault.Message ?? "");
        if (code.StartsWith("APIG", StringComparison.Ordinal))
            return new { error_msg = message, error_code = code, request_id = received.RequestId };
        if (code.StartsWith("SVCSTG.", StringComparison.Ordinal))
            return new SwrError(status, code, message).Body(swrErrors.Shape ?? SwrErrorShape.A);
        return new { error_code = code, error_msg = message };
    }
}
