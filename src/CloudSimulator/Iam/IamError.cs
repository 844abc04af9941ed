using CloudSimulator.Gateway;

namespace CloudSimulator.Iam;

/// <summary>Error bodies of IAM's <c>/v3/</c> calls (huawei-api 3.3): <c>{"error":{"code","message","title"}}</c>.</summary>
static class IamError
{
    public static IResult Unauthorized(string message) => Answer(401, message, "Unauthorized");

    public static IResult BadRequest() => Answer(400, "The request body is invalid", "Bad Request");

    static IResult Answer(int status, string message, string title) =>
        CloudJson.Answer(new { error = new { code = status, message, title } }, status);
}
