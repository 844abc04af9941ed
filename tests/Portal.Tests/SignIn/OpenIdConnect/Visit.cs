using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>
/// One browser on its way through a sign-in: to the provider, and back with what the provider gave it. A test changes any part of it before
/// <see cref="ReturnAsync"/>.
/// </summary>
sealed class Visit : IDisposable
{
    readonly HttpClient http;

    Visit(SignInSite site, HostileProvider provider, CookieContainer cookies)
    {
        (Site, Provider, Cookies) = (site, provider, cookies);
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public SignInSite Site { get; set; }

    public HostileProvider Provider { get; }

    public CookieContainer Cookies { get; set; }

    /// <summary>What the portal asked the provider for.</summary>
    public Dictionary<string, string> Asked { get; private set; } = [];

    /// <summary>The token that the provider will give.</summary>
    public GivenToken Token { get; private set; } = null!;

    /// <summary>The provider's answer at the token endpoint besides the ID token.</summary>
    public JsonObject Answer { get; } = new() { ["token_type"] = "Bearer", ["access_token"] = "an-access-token", ["expires_in"] = 600 };

    /// <summary>Gives the answer of the token endpoint in another way.</summary>
    public Func<HttpContext, string, Task>? AnswerOtherwise { get; set; }

    /// <summary>The fields of the form post that leads back, in order; a name may come twice.</summary>
    public List<KeyValuePair<string, string>> Form { get; } = [];

    /// <summary>Sends the form post in another way.</summary>
    public Func<string, HttpRequestMessage>? PostOtherwise { get; set; }

    /// <summary>Leaves for the provider.</summary>
    public static async Task<Visit> LeaveAsync(SignInSite site, HostileProvider provider, string query = "?returnUrl=/requests", CookieContainer? cookies = null)
    {
        var visit = new Visit(site, provider, cookies ?? new CookieContainer());
        await visit.LeaveAsync(query);
        return visit;
    }

    /// <summary>Leaves for the provider again, in the same browser.</summary>
    public async Task LeaveAsync(string query = "?returnUrl=/requests")
    {
        using var answer = await http.GetAsync(new Uri(Site.Address + "/signin/provider" + query));
        Left = answer.Headers.Location?.OriginalString ?? "";
        Asked = QueryHelpers.ParseQuery(new Uri(new Uri(Site.Address), Left).Query).ToDictionary(field => field.Key, field => field.Value.ToString());
        Token = GivenToken.Id(Provider, Asked.GetValueOrDefault("nonce", ""), Site.Clock.GetUtcNow());
        Form.Clear();
        Form.AddRange([new("code", "a-code"), new("state", Asked.GetValueOrDefault("state", "")), new("iss", Provider.Issuer)]);
        Provider.Token = (context, _) => AnswerOtherwise is { } otherwise ? otherwise(context, Token.ToString()) : AnswerAsync(context);
    }

    /// <summary>Where the portal sent the browser at the start.</summary>
    public string Left { get; private set; } = "";

    /// <summary>Comes back to the portal; gives the status and where it leads.</summary>
    public async Task<(HttpStatusCode Status, string Location)> ReturnAsync()
    {
        using var request = PostOtherwise?.Invoke(Site.Address + "/signin-oidc")
            ?? new HttpRequestMessage(HttpMethod.Post, Site.Address + "/signin-oidc") { Content = new FormUrlEncodedContent(Form) };
        request.Headers.TryAddWithoutValidation("Origin", Provider.Instance);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, answer.Headers.Location?.OriginalString ?? "");
    }

    /// <summary>Whom the tokens of tests name, with the role that they give.</summary>
    public const string Dana = $"{HostileProvider.Tenant}/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee Requester";

    /// <summary>Who the browser is for the portal, and their roles; null when nobody.</summary>
    public async Task<string?> WhoAsync()
    {
        using var answer = await http.GetAsync(new Uri(Site.Address + "/who"));
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null;
    }

    /// <summary>Replaces a field of the form post.</summary>
    public void Set(string name, string? value)
    {
        Form.RemoveAll(field => field.Key == name);
        if (value is not null)
        {
            Form.Add(new(name, value));
        }
    }

    Task AnswerAsync(HttpContext context)
    {
        Answer["id_token"] = Token.ToString();
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Answer.ToJsonString());
    }

    public void Dispose() => http.Dispose();
}
