using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>
/// What the provider publishes about itself: its issuer, endpoints and keys. Fetched when first needed, again after twelve hours, and when a token
/// names a key that is not known, but then at most once in five minutes, so that nobody can make the portal ask without end.
/// </summary>
public sealed class ProviderMetadata
{
    /// <summary>Name of the HTTP client for everything that is asked of the provider.</summary>
    public const string Client = "OpenIdConnect";

    readonly ConfigurationManager<OpenIdConnectConfiguration> manager;
    readonly ProviderOptions provider;
    readonly SignInOptions signIn;
    readonly bool needsHttps;

    // Otherwise the library fetches behind our back, and the first person with a token of a new key is refused.
    static ProviderMetadata() => AppContext.SetSwitch("Switch.Microsoft.IdentityModel.UpdateConfigAsBlocking", true);

    /// <summary>Fetches nothing yet.</summary>
    public ProviderMetadata(
        IHttpClientFactory clients, IOptions<ProviderOptions> provider, IOptions<SignInOptions> signIn, IHostEnvironment environment)
    {
        (this.provider, this.signIn) = (provider.Value, signIn.Value);
        needsHttps = !(environment.IsDevelopment() && this.provider.IsLoopback);
        manager = new(this.provider.MetadataAddress, new OpenIdConnectConfigurationRetriever(), new Documents(clients, needsHttps));
    }

    /// <summary>The metadata of now. Throws <see cref="SignInRefusedException"/> when the provider does not answer, or not as it must.</summary>
    public async Task<OpenIdConnectConfiguration> GetAsync(CancellationToken token)
    {
        OpenIdConnectConfiguration metadata;
        try
        {
            metadata = await manager.GetConfigurationAsync(token);
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or ArgumentException)
        {
            throw new SignInRefusedException(SignInFault.ProviderNotAvailable, failure);
        }

        Check(metadata);
        return metadata;
    }

    /// <summary>The metadata with this key, fetched anew when it is not among those known and the last time is long enough ago.</summary>
    public async Task<OpenIdConnectConfiguration> WithKeyAsync(string? key, CancellationToken token)
    {
        var metadata = await GetAsync(token);
        if (key is null || metadata.SigningKeys.Any(known => known.KeyId == key))
        {
            return metadata;
        }

        manager.RequestRefresh();
        return await GetAsync(token);
    }

    void Check(OpenIdConnectConfiguration metadata)
    {
        Refuse.When(!IsOurs(metadata.Issuer), SignInFault.MetadataIssuer);
        string?[] endpoints = [metadata.AuthorizationEndpoint, metadata.TokenEndpoint, metadata.JwksUri];
        Refuse.When(endpoints.Append(metadata.EndSessionEndpoint is { Length: > 0 } end ? end : metadata.TokenEndpoint).Any(endpoint => !IsSafe(endpoint)), SignInFault.MetadataEndpoint);
    }

    // A provider that speaks for many tenants holds their place with {tenantid}; one that was asked for by domain answers with the id.
    bool IsOurs(string? issuer) =>
        provider.IsForManyTenants ? issuer == $"{provider.Instance.TrimEnd('/')}/{{tenantid}}/v2.0"
        : provider.Issuers(signIn).Contains(provider.IsEntra ? issuer : issuer?.TrimEnd('/'));

    bool IsSafe(string? endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (!needsHttps && uri is { Scheme: "http", IsLoopback: true }));

    sealed class Documents(IHttpClientFactory clients, bool needsHttps) : IDocumentRetriever
    {
        // The client is asked for each time, so that its connections are renewed.
        public Task<string> GetDocumentAsync(string address, CancellationToken cancel) =>
            new HttpDocumentRetriever(clients.CreateClient(Client)) { RequireHttps = needsHttps, SendAdditionalHeaderData = false }.GetDocumentAsync(address, cancel);
    }
}
