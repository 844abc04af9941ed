using CloudSimulator.Iam;
using CloudSimulator.Signing;

namespace CloudSimulator.Gateway;

/// <summary>Decides whether a call carries a valid credential: an AK/SK signature, or a token that is good for the region (huawei-api 3.1, 4, 5).</summary>
sealed class CredentialCheck(TokenStore tokens, SignatureVerifier signatures)
{
    /// <summary>Puts the check, and the check that the region exists, before every endpoint of the group.</summary>
    public static void Guard(RouteGroupBuilder group, CloudService service) =>
        group.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            var region = (string)context.GetRouteValue("region")!;
            if (!Regions.Has(service, region))
                return GatewayError.NoSuchApi(ReceivedRequest.Of(context).RequestId);
            return context.RequestServices.GetRequiredService<CredentialCheck>().Refusal(context, service, region) ?? await next(invocation);
        });

    /// <summary>The 401 or 403 to answer with, or null when the credential is good.</summary>
    public IResult? Refusal(HttpContext context, CloudService service, string region)
    {
        var received = ReceivedRequest.Of(context);
        var token = context.Request.Headers["X-Auth-Token"].ToString();
        if (token.Length > 0)
            return TokenRefusal(tokens.Examine(token), service, region, received.RequestId);
        if (context.Request.Headers.Authorization.Count == 0)
            return NoCredential(service, received.RequestId);
        if (signatures.Refusal(received, context.Request.Headers) is { } reason)
            return GatewayError.CredentialWrong(reason, received.RequestId);
        var project = context.Request.Headers["X-Project-Id"].ToString();
        var isRegional = service != CloudService.Iam;
        return isRegional && project.Length > 0 && project != Regions.ProjectId(region) ? GatewayError.ProjectUnavailable(received.RequestId) : null;
    }

    static IResult NoCredential(CloudService service, string requestId) => service switch
    {
        CloudService.Iam => IamError.Unauthorized("The request you have made requires authentication."),
        CloudService.Swr => GatewayError.CredentialWrong("x-auth-token not found", requestId),
        CloudService.CodeArts => CodeArts.CodeArtsError.Answer(401, "DEV.00000001", "未携带认证信息"),
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, null),
    };

    static IResult? TokenRefusal(TokenExamination examination, CloudService service, string region, string requestId)
    {
        // IAM is a global service: a token of any project is good there.
        var isElsewhere = service != CloudService.Iam && examination.Scope?.Project != region;
        return examination.State switch
        {
            TokenState.Valid when !isElsewhere => null,
            TokenState.Valid or TokenState.Withdrawn when service != CloudService.Iam => GatewayError.TokenMustBeUpdated(requestId),
            TokenState.Expired when service == CloudService.Swr => Swr.SwrError.AuthenticationFailed.AnswerIn(Swr.SwrErrorShape.A),
            TokenState.Expired when service == CloudService.CodeArts => CodeArts.CodeArtsError.CredentialExpired,
            TokenState.Unknown when service == CloudService.Swr => GatewayError.CredentialWrong("decrypt token fail", requestId),
            TokenState.Unknown when service == CloudService.CodeArts => CodeArts.CodeArtsError.Answer(401, "DEV.00000002", "认证信息无法识别"),
            _ => IamError.Unauthorized("The token must be updated."),
        };
    }
}
