using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>Exchanges a code for the tokens at the provider, server to server (RFC 6749, 4.1.3; RFC 7636, 4.5).</summary>
public sealed class TokenExchange(IHttpClientFactory clients, IOptions<ProviderOptions> options)
{
    /// <summary>The ID token and the access token, of which only the first is believed and neither is kept beyond the sign-in.</summary>
    public async Task<(string IdToken, string? AccessToken)> RedeemAsync(
        string code, SignInState state, OpenIdConnectConfiguration metadata, CancellationToken token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, metadata.TokenEndpoint);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = state.RedirectUri,
            ["code_verifier"] = state.Verifier,
        };
        Authenticate(request, form, metadata);
        request.Content = new FormUrlEncodedContent(form);
        try
        {
            using var client = clients.CreateClient(ProviderMetadata.Client);
            using var answer = await client.SendAsync(request, token);
            return Read(answer.StatusCode, answer.Content.Headers.ContentType, await answer.Content.ReadAsStringAsync(token));
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !token.IsCancellationRequested)
        {
            throw new SignInRefusedException(SignInFault.ProviderNotAvailable, failure);
        }
    }

    // As the provider says it wants it; what it does not say is Basic (OpenID Connect Discovery 1.0, section 3).
    void Authenticate(HttpRequestMessage request, Dictionary<string, string> form, OpenIdConnectConfiguration metadata)
    {
        var (id, secret) = (options.Value.ClientId, options.Value.ClientSecret);
        form["client_id"] = id;
        if (metadata.TokenEndpointAuthMethodsSupported.Contains("client_secret_post"))
        {
            form["client_secret"] = secret;
            return;
        }

        var pair = $"{WebUtility.UrlEncode(id)}:{WebUtility.UrlEncode(secret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
    }

    static (string IdToken, string? AccessToken) Read(HttpStatusCode status, MediaTypeHeaderValue? type, string body)
    {
        Refuse.When(status != HttpStatusCode.OK, SignInFault.TokenAnswerStatus);
        Refuse.When(type?.MediaType != "application/json", SignInFault.TokenAnswerMediaType);
        using var document = Parse(body);
        Refuse.When(document is null || document.RootElement.ValueKind != JsonValueKind.Object, SignInFault.TokenAnswerNotJson);
        Refuse.When(!string.Equals(TextOf(document.RootElement, "token_type"), "Bearer", StringComparison.OrdinalIgnoreCase), SignInFault.TokenType);
        var idToken = TextOf(document.RootElement, "id_token");
        Refuse.When(string.IsNullOrEmpty(idToken), SignInFault.IdTokenMissing);
        return (idToken, TextOf(document.RootElement, "access_token"));
    }

    static JsonDocument? Parse(string body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string? TextOf(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
