using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Portal.Database;

/// <summary>
/// Looks at the keys of Data Protection before anything else starts: one that does not open would silently be replaced, and everybody
/// would be signed out, on one node and not on the other.
/// </summary>
sealed class KeyRingCheck(KeyCertificates certificates, KeyRing ring, IKeyManager keys, IHostEnvironment environment, TimeProvider time, ILogger<KeyRingCheck> log)
    : IHostedLifecycleService
{
    // As long as Data Protection's own keys live.
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>Throws, naming the settings, when a key that is still in use was encrypted with a certificate that is not there.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (certificates.Present is null && !environment.IsDevelopment())
        {
            log.LogWarning(
                "{Setting} is empty: the keys that cookies and forms are sealed with stand unencrypted in the database. Set it to a PFX or PEM file",
                $"{KeyCertificateOptions.Section}:{nameof(KeyCertificateOptions.CertificateFile)}");
        }

        try
        {
            Check();
        }
        catch (DbException failure)
        {
            // Whether the database is there is seen, and said, elsewhere.
            log.LogWarning("The keys of Data Protection could not be looked at: {Failure}", failure.Message);
        }

        return Task.CompletedTask;
    }

    void Check()
    {
        var now = time.GetUtcNow();
        foreach (var key in keys.GetAllKeys().Where(key => !key.IsRevoked && key.ExpirationDate > now))
        {
            try
            {
                _ = key.Descriptor;
            }
            catch (CryptographicException fault)
            {
                throw new RefusedSettingException(
                    $"The key {key.KeyId} of Data Protection does not open: it was encrypted with a certificate that is not configured. Name that one in "
                    + $"{KeyCertificateOptions.Section}:{nameof(KeyCertificateOptions.CertificateFile)}, or in "
                    + $"{KeyCertificateOptions.Section}:{nameof(KeyCertificateOptions.PreviousCertificateFiles)} when there is a newer one.", fault);
            }
        }

        // Keys of before the certificate open still, but nothing new should be sealed with them.
        if (certificates.Present is not null && ring.IsPlain())
        {
            keys.CreateNewKey(now, now + Lifetime);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
