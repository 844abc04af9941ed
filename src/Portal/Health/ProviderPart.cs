using Portal.SignIn.OpenIdConnect;

namespace Portal.Health;

/// <summary>The identity provider, by its metadata. While it is away nobody new gets in, at any node; who is in goes on.</summary>
public sealed class ProviderPart(IServiceProvider services) : IHealthPart
{
    /// <inheritdoc />
    public bool IsNeeded => false;

    /// <inheritdoc />
    public async Task<IReadOnlyList<PartState>> LookAsync(CancellationToken token)
    {
        // There only where a provider is configured.
        if (services.GetService<ProviderMetadata>() is not { } metadata)
        {
            return [];
        }

        try
        {
            await metadata.GetAsync(token);
            return [PartState.Well("provider")];
        }
        catch (SignInRefusedException refused)
        {
            return [new PartState("provider", false, "Health.ProviderAway", refused.Fault)];
        }
    }
}
