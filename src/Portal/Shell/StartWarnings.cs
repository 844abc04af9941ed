using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Huawei;
using Portal.SignIn.OpenIdConnect;

namespace Portal.Shell;

/// <summary>Says at the start what is not set up: the portal runs and is healthy without it, and yet nobody could use it.</summary>
public static class StartWarnings
{
    /// <summary>One line for each that is missing, with the names of the settings.</summary>
    public static void WarnOfMissingSettings(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<ProviderOptions>>().Value.IsConfigured && !app.Configuration.GetValue<bool>(Personas.Setting))
        {
            app.Logger.LogWarning(
                "Nobody can sign in: no identity provider is set up. Set {Settings}",
                "AzureAd:Instance and AzureAd:TenantId (or AzureAd:Authority), AzureAd:ClientId, AzureAd:ClientSecret and SignIn:PublicOrigin");
        }

        var credentials = app.Services.GetRequiredService<CredentialSource>().Present();
        if (!credentials.AreComplete)
        {
            app.Logger.LogWarning(
                "Nothing can be sent to the cloud: there are no credentials. Set {Settings}, or Huawei:CredentialsFolder",
                credentials.Authentication == CloudAuthentication.Password
                    ? "Huawei:Account, Huawei:User and Huawei:Password"
                    : "Huawei:AccessKey and Huawei:SecretKey");
        }
    }
}
