using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Portal.Tests.Support;

namespace Portal.Tests.Database;

/// <summary>Data Protection's keys go into the database encrypted with a certificate that all nodes share.</summary>
public sealed class KeyCertificatesTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    const string FilePassword = "file-password-canary";

    [Theory]
    [InlineData("pfx")]
    [InlineData("pem")]
    [InlineData("plain-pem")]
    public async Task Keys_stand_encrypted_in_the_table_and_open_on_another_node(string form)
    {
        var settings = Setting(Certificate("first", form), form != "plain-pem");
        await using var first = await StartAsync(settings);
        var sealed1 = Protector(first).Protect("cookie");

        await using var second = await StartAsync(settings);

        Assert.Equal("cookie", Protector(second).Unprotect(sealed1));
        var rows = await Database.EverythingAsync();
        Assert.Contains(rows, row => row.Contains("encryptedSecret", StringComparison.Ordinal));
        Assert.DoesNotContain(rows, row => row.Contains("masterKey", StringComparison.Ordinal) || row.Contains("unencrypted form", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_of_before_open_after_the_certificate_was_renewed()
    {
        var (old, renewed) = (Certificate("old", "pfx"), Certificate("new", "pfx"));
        await using var before = await StartAsync(Setting(old));
        var sealedBefore = Protector(before).Protect("cookie");

        await using var after = await StartAsync([.. Setting(renewed), ("DataProtection:PreviousCertificateFiles:0", old)]);

        Assert.Equal("cookie", Protector(after).Unprotect(sealedBefore));
    }

    [Fact]
    public async Task Start_with_another_certificate_fails_and_names_the_settings()
    {
        await using (var first = await StartAsync(Setting(Certificate("first", "pfx"))))
        {
            Protector(first).Protect("cookie");
        }

        var fault = await Assert.ThrowsAsync<RefusedSettingException>(() => StartAsync(Setting(Certificate("other", "pfx"))));

        Assert.Contains("DataProtection:CertificateFile", fault.Message, StringComparison.Ordinal);
        Assert.Contains("DataProtection:PreviousCertificateFiles", fault.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Database.ValueAsync<long>("select count(*) from portal.key_ring"));
        await Assert.ThrowsAsync<RefusedSettingException>(() => StartAsync([]));
    }

    [Fact]
    public async Task Keys_stored_before_there_was_a_certificate_open_but_seal_nothing_new()
    {
        await using var before = await StartAsync([]);
        var sealedBefore = Protector(before).Protect("cookie");
        await using var after = await StartAsync(Setting(Certificate("first", "pfx")));

        Assert.Equal("cookie", Protector(after).Unprotect(sealedBefore));
        var sealedAfter = Protector(after).Protect("cookie");

        // The key's id is in what it sealed.
        Assert.NotEqual(sealedBefore[..24], sealedAfter[..24]);
        Assert.Equal(1, await Database.ValueAsync<long>("select count(*) from portal.key_ring where xml like '%encryptedSecret%'"));
    }

    [Theory]
    [InlineData("there-is-no-file", "DataProtection:CertificateFile", "cannot be read")]
    [InlineData("garbage", "DataProtection:CertificateFile", "no PFX or PEM")]
    [InlineData("wrong-password", "DataProtection:CertificateFile", "the password is another one")]
    [InlineData("elliptic", "DataProtection:CertificateFile", "no RSA key")]
    [InlineData("no-password-file", "DataProtection:CertificatePasswordFile", "cannot be read")]
    [InlineData("previous", "DataProtection:PreviousCertificateFiles:0", "cannot be read")]
    public void Certificate_that_cannot_be_used_names_its_setting_and_no_password(string fault, string setting, string why)
    {
        var good = Certificate("good", "pfx");
        File.WriteAllText(Path.Combine(Folder, "garbage"), "garbage");
        (string, string)[] settings = fault switch
        {
            "wrong-password" => [("DataProtection:CertificateFile", good), ("DataProtection:CertificatePassword", "wrong-canary")],
            "elliptic" => Setting(Elliptic()),
            "no-password-file" => [("DataProtection:CertificateFile", good), ("DataProtection:CertificatePasswordFile", Path.Combine(Folder, "nothing"))],
            "previous" => [.. Setting(good), ("DataProtection:PreviousCertificateFiles:0", Path.Combine(Folder, "nothing"))],
            _ => Setting(Path.Combine(Folder, fault)),
        };

        var thrown = Assert.Throws<RefusedSettingException>(() => PortalHost.On(Database, Cloud, settings));

        Assert.Contains(setting, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(why, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", thrown.ToString(), StringComparison.Ordinal);
    }

    static IDataProtector Protector(PortalHost node) => node.Get<IDataProtectionProvider>().CreateProtector("test");

    async Task<PortalHost> StartAsync((string, string)[] settings)
    {
        var node = PortalHost.On(Database, Cloud, settings);
        await node.StartAsync();
        return node;
    }

    (string, string)[] Setting(string file, bool password = true)
    {
        var passwordFile = Path.Combine(Folder, "password");
        File.WriteAllText(passwordFile, FilePassword + "\n");
        return [("DataProtection:CertificateFile", file), ("DataProtection:CertificatePasswordFile", password ? passwordFile : "")];
    }

    string Certificate(string name, string form)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return Write(name, form, certificate, key);
    }

    string Elliptic()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=elliptic", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return Write("elliptic", "pfx", certificate, key);
    }

    string Write(string name, string form, X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        var path = Path.Combine(Folder, name + "." + form);
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        switch (form)
        {
            case "pfx":
                File.WriteAllBytes(path, certificate.Export(X509ContentType.Pfx, FilePassword));
                break;
            case "pem":
                File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportEncryptedPkcs8PrivateKeyPem(FilePassword, encryption));
                break;
            default:
                File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
                break;
        }

        return path;
    }
}
