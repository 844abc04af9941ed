using Microsoft.AspNetCore.Http;
using Portal.SignIn.OpenIdConnect;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>Answers of the token endpoint that nobody may get in with.</summary>
static class TokenAnswerAttacks
{
    public static readonly IReadOnlyList<Attack> All =
    [
        new("no ID token", SignInFault.IdTokenMissing, Answer(200, "application/json", """{"token_type":"Bearer","access_token":"x"}""")),
        new("an ID token that is a number", SignInFault.IdTokenMissing, Answer(200, "application/json", """{"token_type":"Bearer","id_token":1}""")),
        new("no token type", SignInFault.TokenType, visit => visit.Answer.Remove("token_type")),
        new("another token type", SignInFault.TokenType, visit => visit.Answer["token_type"] = "mac"),
        new("HTML", SignInFault.TokenAnswerMediaType, visit => visit.AnswerOtherwise = (http, token) => WriteAsync(http, 200, "text/html", Good(token))),
        new("JSON that is called text", SignInFault.TokenAnswerMediaType, visit => visit.AnswerOtherwise = (http, token) => WriteAsync(http, 200, "text/plain", Good(token))),
        new("JSON that is called nothing", SignInFault.TokenAnswerMediaType, visit => visit.AnswerOtherwise = (http, token) => WriteAsync(http, 200, null, Good(token))),
        new("broken JSON", SignInFault.TokenAnswerNotJson, Answer(200, "application/json", "{\"token_type\":")),
        new("a list", SignInFault.TokenAnswerNotJson, Answer(200, "application/json", "[]")),
        new("nothing", SignInFault.TokenAnswerNotJson, Answer(200, "application/json", "")),
        new("status 500 around a good answer", SignInFault.TokenAnswerStatus, visit => visit.AnswerOtherwise = (http, token) => WriteAsync(http, 500, "application/json", Good(token))),
        new("status 201 around a good answer", SignInFault.TokenAnswerStatus, visit => visit.AnswerOtherwise = (http, token) => WriteAsync(http, 201, "application/json", Good(token))),
        new("status 400, as for a wrong code", SignInFault.TokenAnswerStatus, Answer(400, "application/json", """{"error":"invalid_grant"}""")),
        new("a redirect to a good answer", SignInFault.TokenAnswerStatus, visit => visit.AnswerOtherwise = (http, token) =>
        {
            if (http.Request.Query.ContainsKey("again"))
            {
                return WriteAsync(http, 200, "application/json", Good(token));
            }

            http.Response.StatusCode = 307;
            http.Response.Headers.Location = visit.Provider.Instance + "/token?again";
            return Task.CompletedTask;
        }),
        new("2 MB", SignInFault.ProviderNotAvailable, visit => visit.AnswerOtherwise = (http, token) =>
            WriteAsync(http, 200, "application/json", Good(token)[..^1] + $",\"padding\":\"{new string('x', 2_000_000)}\"}}")),
        new("silence", SignInFault.ProviderNotAvailable, visit => visit.AnswerOtherwise = (http, _) => Task.Delay(Timeout.Infinite, http.RequestAborted)),
        new("a broken connection", SignInFault.ProviderNotAvailable, visit => visit.AnswerOtherwise = (http, _) =>
        {
            http.Abort();
            return Task.CompletedTask;
        }),
    ];

    static Action<Visit> Answer(int status, string type, string body) => visit => visit.AnswerOtherwise = (http, _) => WriteAsync(http, status, type, body);

    static string Good(string token) => $$"""{"token_type":"Bearer","access_token":"x","id_token":"{{token}}"}""";

    static Task WriteAsync(HttpContext http, int status, string? type, string body)
    {
        (http.Response.StatusCode, http.Response.ContentType) = (status, type);
        return http.Response.WriteAsync(body);
    }
}
