using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Portal.SignIn.OpenIdConnect;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>Ways back from the provider that nobody may get in by.</summary>
static class CallbackAttacks
{
    public static readonly IReadOnlyList<Attack> All =
    [
        // How it comes
        new("by GET", SignInFault.CallbackMethod, visit => visit.PostOtherwise = address => new(HttpMethod.Get, address + "?" + Query(visit))),
        new("by PUT", SignInFault.CallbackMethod, visit => visit.PostOtherwise = address => new(HttpMethod.Put, address) { Content = new FormUrlEncodedContent(visit.Form) }),
        new("as JSON", SignInFault.CallbackForm, visit => visit.PostOtherwise = address => Post(address, new StringContent("{}", Encoding.UTF8, "application/json"))),
        new("as a multipart form", SignInFault.CallbackForm, visit => visit.PostOtherwise = address => Post(address, Multipart(visit))),
        new("without a content type", SignInFault.CallbackForm, visit => visit.PostOtherwise = address => Post(address, new ByteArrayContent(Encoding.ASCII.GetBytes(Query(visit))))),
        new("70 KB", SignInFault.CallbackSize, visit => visit.Set("padding", new string('x', 70_000))),
        new("70 KB whose length is not told", SignInFault.CallbackSize, visit =>
        {
            visit.Set("padding", new string('x', 70_000));
            visit.PostOtherwise = address =>
            {
                var request = Post(address, new FormUrlEncodedContent(visit.Form));
                request.Headers.TransferEncodingChunked = true;
                return request;
            };
        }),
        new("two hundred fields", SignInFault.CallbackSize, visit => visit.Form.AddRange(Enumerable.Range(0, 200).Select(number => KeyValuePair.Create($"f{number}", "x")))),
        new("state twice", SignInFault.CallbackParameterTwice, visit => visit.Form.Add(new("state", visit.Asked["state"]))),
        new("code twice", SignInFault.CallbackParameterTwice, visit => visit.Form.Add(new("code", "another"))),
        new("iss twice", SignInFault.CallbackParameterTwice, visit => visit.Form.Add(new("iss", "https://evil.example"))),

        // Of which sign-in
        new("nothing at all", SignInFault.StateMissing, visit => visit.Form.Clear()),
        new("no state", SignInFault.StateMissing, visit => visit.Set("state", null)),
        new("an empty state", SignInFault.StateMissing, visit => visit.Set("state", "")),
        new("a state that somebody made up", SignInFault.StateNotOurs, visit => visit.Set("state", "c3RhdGU")),
        new("a state with one letter changed", SignInFault.StateNotOurs, visit => visit.Set("state", Changed(visit.Asked["state"]))),
        new("a state of 60,000 letters", SignInFault.StateNotOurs, visit => visit.Set("state", new string('A', 60_000))),
        new("sixteen minutes later", SignInFault.StateTooOld, visit => visit.Site.Clock.By += TimeSpan.FromMinutes(16)),
        new("in another browser", SignInFault.AnotherBrowser, visit => visit.PostOtherwise = address =>
        {
            foreach (Cookie cookie in visit.Cookies.GetAllCookies())
            {
                cookie.Expired = true;
            }

            return Post(address, new FormUrlEncodedContent(visit.Form));
        }),
        new("in a browser that began a sign-in of its own", SignInFault.AnotherBrowser, async visit =>
        {
            using var victim = await Visit.LeaveAsync(visit.Site, visit.Provider);
            var attackers = visit.Form.ToList();
            visit.PostOtherwise = address =>
            {
                foreach (Cookie cookie in visit.Cookies.GetAllCookies())
                {
                    cookie.Expired = true;
                }

                foreach (Cookie cookie in victim.Cookies.GetAllCookies())
                {
                    visit.Cookies.Add(new Uri(address), new Cookie(cookie.Name, cookie.Value, "/"));
                }

                return Post(address, new FormUrlEncodedContent(attackers));
            };
        }),
        new("a second time, with the cookie of the first", SignInFault.StateUsed, async visit =>
        {
            var cookies = visit.Cookies.GetAllCookies().ToList();
            await visit.ReturnAsync();
            foreach (Cookie cookie in visit.Cookies.GetAllCookies())
            {
                cookie.Expired = true;
            }

            cookies.ForEach(cookie => visit.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "127.0.0.1")));
        }),
        new("a second time, after the first was refused", SignInFault.StateUsed, async visit =>
        {
            var cookies = visit.Cookies.GetAllCookies().ToList();
            visit.Set("code", null);
            await visit.ReturnAsync();
            visit.Set("code", "a-code");
            cookies.ForEach(cookie => visit.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "127.0.0.1")));
        }),

        // From whom
        new("iss parameter of another provider", SignInFault.IssuerParameter, visit => visit.Set("iss", "https://evil.example")),
        new("iss parameter of another tenant", SignInFault.IssuerParameter, visit => visit.Set("iss", visit.Provider.Issuer.Replace(HostileProvider.Tenant, HostileProvider.OtherTenant, StringComparison.Ordinal))),
        new("iss of another provider beside an error", SignInFault.IssuerParameter, visit =>
        {
            visit.Set("iss", "https://evil.example");
            visit.Set("error", "access_denied");
        }),
        new("no iss, though it was promised", SignInFault.IssuerParameterMissing, visit => visit.Set("iss", null)),

        // With what
        new("an error of the provider", SignInFault.ProviderSaidNo, visit => visit.Set("error", "access_denied")),
        new("an error beside a code", SignInFault.ProviderSaidNo, visit => visit.Set("error", "server_error")),
        new("an error with a script in its description", SignInFault.ProviderSaidNo, visit =>
        {
            visit.Set("error", "<script>alert(1)</script>");
            visit.Set("error_description", "<script>alert(1)</script>");
        }),
        new("an ID token in the browser", SignInFault.TokenInFrontChannel, visit => visit.Set("id_token", visit.Token.ToString())),
        new("an access token in the browser", SignInFault.TokenInFrontChannel, visit => visit.Set("access_token", "x")),
        new("a refresh token in the browser", SignInFault.TokenInFrontChannel, visit => visit.Set("refresh_token", "x")),
        new("no code", SignInFault.CodeMissing, visit => visit.Set("code", null)),
        new("an empty code", SignInFault.CodeMissing, visit => visit.Set("code", "")),
        new("a code of 5,000 characters", SignInFault.CodeSize, visit => visit.Set("code", new string('c', 5000))),
    ];

    static HttpRequestMessage Post(string address, HttpContent content) => new(HttpMethod.Post, address) { Content = content };

    static string Query(Visit visit) => string.Join('&', visit.Form.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));

    static MultipartFormDataContent Multipart(Visit visit)
    {
        var content = new MultipartFormDataContent();
        visit.Form.ForEach(field => content.Add(new StringContent(field.Value) { Headers = { ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = field.Key } } }));
        return content;
    }

    static string Changed(string state) => state[..40] + (state[40] == 'A' ? 'B' : 'A') + state[41..];
}
