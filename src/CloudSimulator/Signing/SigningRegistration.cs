using CloudSimulator.Gateway;

namespace CloudSimulator.Signing;

static class SigningRegistration
{
    public static void AddSigning(this IServiceCollection services) =>
        services.AddSingleton<AccessKeyLock>().AddSingleton<SignatureVerifier>().AddSingleton<CredentialCheck>();
}
