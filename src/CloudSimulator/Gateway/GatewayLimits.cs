using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CloudSimulator.Gateway;

/// <summary>What the gateway accepts (huawei-api: APIGW.0201 for a body over 12 MB; tokens of up to 100,000 characters in a header).</summary>
static class GatewayLimits
{
    public const int LargestBody = 12 * 1024 * 1024;

    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestHeadersTotalSize = 256 * 1024;
        // One byte over the gateway's own limit is enough to know that the body is too long.
        kestrel.Limits.MaxRequestBodySize = LargestBody * 2L;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
    }
}
