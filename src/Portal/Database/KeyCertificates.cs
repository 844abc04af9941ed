using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Secret = Portal.Access.Secret;

namespace Portal.Database;

/// <summary>
/// Settings of the section <c>DataProtection</c>: the certificate that the Data Protection keys are encrypted with before they go into the
/// database. The same on all nodes. Each file is PFX, or PEM with certificate and key in one; the key is RSA.
/// </summary>
public sealed class KeyCertificateOptions
{
    public const string Section = "DataProtection";

    /// <summary>New keys are encrypted with this one; empty for none.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>A file with the password of the certificate files, where they have one.</summary>
    public string CertificatePasswordFile { get; init; } = "";

    /// <summary>The password itself, where it comes from the environment.</summary>
    public Secret CertificatePassword { get; init; } = Secret.None;

    /// <summary>Certificates of before: keys that were encrypted with them open still.</summary>
    public List<string> PreviousCertificateFiles { get; init; } = [];
}

/// <summary>The certificates of Data Protection, loaded.</summary>
/// <param name="Present">Encrypts new keys; null when none is set.</param>
/// <param name="Previous">Only open old ones.</param>
public sealed record KeyCertificates(X509Certificate2? Present, IReadOnlyList<X509Certificate2> Previous)
{
    /// <summary>Loads what the settings name. Throws, naming the setting and never a password, when a file cannot be used.</summary>
    public static KeyCertificates Read(IConfiguration configuration)
    {
        var options = configuration.GetSection(KeyCertificateOptions.Section).Get<KeyCertificateOptions>() ?? new();
        var password = PasswordOf(options);
        var previous = options.PreviousCertificateFiles
            .Select((file, index) => Load($"{KeyCertificateOptions.Section}:{nameof(options.PreviousCertificateFiles)}:{index}", file, password));
        return new(
            options.CertificateFile.Length == 0 ? null : Load($"{KeyCertificateOptions.Section}:{nameof(options.CertificateFile)}", options.CertificateFile, password),
            [.. previous]);
    }

    static string? PasswordOf(KeyCertificateOptions options)
    {
        if (options.CertificatePasswordFile.Length == 0)
        {
            return options.CertificatePassword.IsEmpty ? null : options.CertificatePassword.Reveal();
        }

        try
        {
            return File.ReadAllText(options.CertificatePasswordFile, Encoding.UTF8).TrimEnd('\r', '\n');
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"{KeyCertificateOptions.Section}:{nameof(options.CertificatePasswordFile)}", options.CertificatePasswordFile, "it cannot be read", fault);
        }
    }

    static X509Certificate2 Load(string setting, string file, string? password)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = LooksLikePem(file)
                ? password is null ? X509Certificate2.CreateFromPemFile(file) : X509Certificate2.CreateFromEncryptedPemFile(file, password)
                : X509CertificateLoader.LoadPkcs12FromFile(file, password, X509KeyStorageFlags.EphemeralKeySet);
        }
        catch (CryptographicException fault)
        {
            throw Unusable(setting, file, "it is no PFX or PEM file with a certificate and its key, or the password is another one", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unusable(setting, file, "it cannot be read", fault);
        }

        using var key = certificate.GetRSAPrivateKey();
        return key is null ? throw Unusable(setting, file, "it holds no RSA key", null) : certificate;
    }

    static bool LooksLikePem(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> head = stackalloc byte[4096];
        return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)].IndexOf("-----BEGIN "u8) >= 0;
    }

    static RefusedSettingException Unusable(string setting, string file, string why, Exception? fault) =>
        new($"{setting} '{file}' cannot be used: {why}.", fault);
}

/// <summary>Tells Data Protection which certificates to use.</summary>
static class KeyProtection
{
    public static void ProtectKeys(this IDataProtectionBuilder protection, KeyCertificates certificates)
    {
        protection.Services.AddSingleton(certificates);
        if (certificates.Present is { } present)
        {
            protection.ProtectKeysWithCertificate(present);
        }

        if (certificates.Previous.Count > 0)
        {
            protection.UnprotectKeysWithAnyCertificate([.. certificates.Previous]);
        }
    }
}
