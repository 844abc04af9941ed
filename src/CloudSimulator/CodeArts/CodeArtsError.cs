using CloudSimulator.Gateway;

namespace CloudSimulator.CodeArts;

/// <summary>Errors of CodeArts Repo's v4 calls (huawei-api 2.1, 2.8): <c>error_code</c> and <c>error_msg</c>.</summary>
static class CodeArtsError
{
    public static readonly IResult CredentialExpired = Answer(401, "DEV.00000003", "认证信息过期");
    public static readonly IResult MembershipEnded = Answer(401, "CH.080401", "No permission on the repository");
    public static readonly IResult Forbidden = Answer(403, "CH.004403", "Insufficient permissions. Apply for the required permission and try again.");
    public static readonly IResult NotFound = Answer(404, "CH.004404", "Repository Not Found");
    public static readonly IResult ParameterInvalid = Answer(400, "CH.010001", "The parameter is invalid");

    public static IResult Answer(int status, string code, string message) => CloudJson.Answer(new { error_code = code, error_msg = message }, status);
}
