namespace CloudSimulator.Gateway;

/// <summary>Answers of the API gateway that stands before every service (huawei-api section 5): <c>error_msg</c>, <c>error_code</c>, <c>request_id</c>.</summary>
static class GatewayError
{
    public static IResult Answer(int status, string code, string message, string requestId) =>
        CloudJson.Answer(new { error_msg = message, error_code = code, request_id = requestId }, status);

    public static IResult NoSuchApi(string requestId) =>
        Answer(404, "APIGW.0101", "The API does not exist or has not been published in the environment", requestId);

    public static IResult BodyTooLarge(string requestId) =>
        Answer(413, "APIGW.0201", "Request entity too large", requestId);

    /// <summary>401 APIGW.0301; <paramref name="reason"/> is the part after the fixed opening words.</summary>
    public static IResult CredentialWrong(string reason, string requestId) =>
        Answer(401, "APIGW.0301", $"Incorrect IAM authentication information: {reason}", requestId);

    /// <summary>401 APIGW.0307: a token that was withdrawn, or that belongs to another region.</summary>
    public static IResult TokenMustBeUpdated(string requestId) =>
        Answer(401, "APIGW.0307", "The token must be updated.", requestId);

    public static IResult ProjectUnavailable(string requestId) =>
        Answer(403, "APIGW.0310", "The project is unavailable.", requestId);
}
