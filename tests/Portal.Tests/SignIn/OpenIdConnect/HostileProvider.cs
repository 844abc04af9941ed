using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>
/// A provider over real HTTP that says whatever a test wants, as no real one would. By itself it answers like Entra ID: one tenant,
/// an issuer with that tenant, PKCE checked.
/// </summary>
public sealed class HostileProvider : IAsyncDisposable
{
    public const string Tenant = "11111111-2222-3333-4444-555555555555";
    public const string OtherTenant = "99999999-2222-3333-4444-555555555555";

    readonly WebApplication app;

    HostileProvider(WebApplication app) => this.app = app;

    /// <summary>The key that is published.</summary>
    public RSA Key { get; private set; } = RSA.Create(2048);

    /// <summary>Its name.</summary>
    public string KeyId { get; private set; } = "key-1";

    /// <summary>Where it is, as <c>AzureAd:Instance</c>.</summary>
    public string Instance => app.Urls.Single();

    /// <summary>Its issuer for one tenant.</summary>
    public string Issuer => $"{Instance}/{Tenant}/v2.0";

    /// <summary>Changes what it publishes about itself.</summary>
    public Action<JsonObject> Metadata { get; set; } = _ => { };

    /// <summary>Changes the key it publishes.</summary>
    public Action<JsonObject> PublishedKey { get; set; } = _ => { };

    /// <summary>How it answers at the token endpoint.</summary>
    public Func<HttpContext, IFormCollection, Task> Token { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>How often its metadata were asked for.</summary>
    public int MetadataAsked { get; private set; }

    /// <summary>What came to the token endpoint last: the form and the header of the client's authentication.</summary>
    public (Dictionary<string, string> Form, string? Authorization)? LastExchange { get; private set; }

    public static async Task<HostileProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var provider = new HostileProvider(app);
        app.MapGet("/{tenant}/v2.0/.well-known/openid-configuration", provider.Published);
        app.MapGet("/.well-known/openid-configuration", provider.Published);
        app.MapGet("/keys", provider.Keys);
        app.MapPost("/token", provider.ExchangeAsync);
        app.MapGet("/elsewhere", () => Results.Json(new { issuer = "https://elsewhere.example" }));
        await app.StartAsync();
        return provider;
    }

    /// <summary>Publishes another key from now on, as providers do.</summary>
    public void ChangeKey(string id) => (Key, KeyId) = (RSA.Create(2048), id);

    IResult Published()
    {
        MetadataAsked++;
        var metadata = new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Instance}/authorize",
            ["token_endpoint"] = $"{Instance}/token",
            ["jwks_uri"] = $"{Instance}/keys",
            ["end_session_endpoint"] = $"{Instance}/logout",
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post"),
            ["authorization_response_iss_parameter_supported"] = true,
        };
        Metadata(metadata);
        return Results.Text(metadata.ToJsonString(), "application/json");
    }

    IResult Keys()
    {
        var parameters = Key.ExportParameters(false);
        var key = new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = KeyId,
            ["n"] = Base64UrlEncoder.Encode(parameters.Modulus),
            ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
            ["issuer"] = Issuer,
        };
        PublishedKey(key);
        return Results.Text(new JsonObject { ["keys"] = new JsonArray(key) }.ToJsonString(), "application/json");
    }

    async Task ExchangeAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        LastExchange = (form.ToDictionary(field => field.Key, field => field.Value.ToString()), http.Request.Headers.Authorization);
        await Token(http, form);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
