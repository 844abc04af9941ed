using System.Text.Json;
using CloudSimulator.Gateway;

namespace CloudSimulator.Iam;

/// <summary>IAM: tokens by password and projects by region name (huawei-api 3.1, 3.2).</summary>
static class IamEndpoints
{
    public static void AddIam(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(new Account(configuration)).AddSingleton<TokenStore>();

    public static void MapIam(this WebApplication app)
    {
        app.MapPost("/iam/{region}/v3/auth/tokens", CreateToken);
        var iam = app.MapGroup("/iam/{region}");
        CredentialCheck.Guard(iam, CloudService.Iam);
        iam.MapGet("/v3/projects", ListProjects);
        iam.MapGet("/v3/auth/projects", (Account account) => ProjectList(account, Regions.Swr));
    }

    static IResult CreateToken(string region, HttpContext context, Account account, TokenStore tokens)
    {
        var received = ReceivedRequest.Of(context);
        if (!Regions.Has(CloudService.Iam, region))
            return GatewayError.NoSuchApi(received.RequestId);
        if (received.JsonObject()?.Child("auth") is not { } auth || auth.Child("identity") is not { } identity)
            return IamError.BadRequest();
        if (!AsksForPassword(identity) || identity.Child("password")?.Child("user") is not { } user)
            return IamError.BadRequest();
        if (user.Text("name") is not { } name || user.Text("password") is not { } password || user.Child("domain")?.Text("name") is not { } domain)
            return IamError.BadRequest();
        if (domain != account.Name || name != account.User || password != account.Password)
            return IamError.Unauthorized("The username or password is wrong.");
        if (ReadScope(auth.Child("scope"), account) is not { } scope)
            return IamError.Unauthorized("The project or domain of the scope does not exist.");

        var token = tokens.Issue(scope);
        context.Response.Headers["X-Subject-Token"] = token.Text;
        return CloudJson.Answer(new { token = TokenBody(token, account) }, StatusCodes.Status201Created);
    }

    static bool AsksForPassword(JsonElement identity) =>
        identity.TryGetProperty("methods", out var methods)
        && methods.ValueKind == JsonValueKind.Array
        && methods.EnumerateArray().Any(method => method.Text() == "password");

    /// <summary>A project wins over a domain; nothing at all is an unscoped token; null when what is named does not exist.</summary>
    static TokenScope? ReadScope(JsonElement? scope, Account account)
    {
        if (scope?.Child("project") is { } project)
        {
            var region = project.Text("name") ?? Regions.Swr.FirstOrDefault(r => Regions.ProjectId(r) == project.Text("id"));
            return region is not null && Regions.Swr.Contains(region) ? new(region, null) : null;
        }
        if (scope?.Child("domain") is { } domain)
            return domain.Text("name") == account.Name || domain.Text("id") == account.DomainId ? new(null, account.Name) : null;
        return new(null, null);
    }

    static Dictionary<string, object> TokenBody(IssuedToken token, Account account)
    {
        var domain = new { id = account.DomainId, name = account.Name };
        var body = new Dictionary<string, object>
        {
            ["methods"] = new[] { "password" },
            ["issued_at"] = CloudJson.IamTime(token.IssuedAt),
            ["expires_at"] = CloudJson.IamTime(token.ExpiresAt),
            ["user"] = new { id = account.UserId, name = account.User, password_expires_at = "", domain },
            ["roles"] = new[] { new { id = "0", name = "te_admin" }, new { id = "0", name = "secu_admin" } },
            ["catalog"] = Array.Empty<object>(),
        };
        if (token.Scope.Project is { } region)
            body["project"] = new { id = Regions.ProjectId(region), name = region, domain };
        else if (token.Scope.Domain is not null)
            body["domain"] = domain;
        return body;
    }

    static IResult ListProjects(Account account, string? name) =>
        ProjectList(account, name is null ? Regions.Swr : Regions.Swr.Where(region => region == name));

    static IResult ProjectList(Account account, IEnumerable<string> regions) => CloudJson.Answer(new
    {
        projects = regions.Select(region => new
        {
            id = Regions.ProjectId(region),
            name = region,
            domain_id = account.DomainId,
            parent_id = account.DomainId,
            enabled = true,
            is_domain = false,
            description = "",
            links = new { self = $"https://iam.myhuaweicloud.com/v3/projects/{Regions.ProjectId(region)}" },
        }),
        links = new { },
    });
}
