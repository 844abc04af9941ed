using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.BrowserTests.SignIn;

/// <summary>The sign-in as in Production: portal and provider encrypted, with a certificate authority that only this test knows.</summary>
public sealed class EncryptedSignInTests(PortalFixture fixture) : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("portal-tls-").FullName;

    string CertificateFile => Path.Combine(folder, "certificate.pem");

    string KeyFile => Path.Combine(folder, "key.pem");

    [Fact]
    public async Task Cookies_go_encrypted_only_and_to_this_host_only()
    {
        MakeCertificate();
        var address = ProviderProcess.FreeAddress("https");
        await using var provider = await ProviderProcess.StartAsync(
            address, ("TLS_KEY", KeyFile), ("TLS_CERTIFICATE", CertificateFile), ("NODE_EXTRA_CA_CERTS", CertificateFile));
        await using var portal = await PortalProcess.StartAsync(fixture.Database, fixture.Simulator,
        [
            .. provider.SettingsFor(address), ("ASPNETCORE_ENVIRONMENT", "Production"), ("Limits__Enabled", "true"), ("Dispatch__Enabled", "false"),
            ("Kestrel__Certificates__Default__Path", CertificateFile), ("Kestrel__Certificates__Default__KeyPath", KeyFile), ("SSL_CERT_FILE", CertificateFile),
            ("Huawei__AccessKey", "NOBODYSACCESSKEY0001"), ("Huawei__Endpoints__Iam", "https://127.0.0.1:9/iam/{region}"),
            ("Huawei__Endpoints__Swr", "https://127.0.0.1:9/swr/{region}"), ("Huawei__Endpoints__CodeArtsRepo", "https://127.0.0.1:9/codearts/{region}"),
        ]);
        await using var dana = await Person.ArriveAsync(fixture.Browser, portal.Address, provider: provider.Issuer);
        await dana.Page.GotoAsync("/signin/provider?returnUrl=/requests");

        await dana.Page.Button("Dana Developer").ClickAsync();

        await Expect(dana.Page).ToHaveURLAsync($"{portal.Address}/requests");
        var cookie = (await dana.Page.Context.CookiesAsync([portal.Address])).Single(kept => kept.Name == "__Host-portal");
        Assert.Equal((true, true, SameSiteAttribute.Lax, "/", "127.0.0.1"), (cookie.Secure, cookie.HttpOnly, cookie.SameSite, cookie.Path, cookie.Domain));
        Assert.Empty(portal.TakeErrors());
    }

    [Fact]
    public async Task Provider_whose_certificate_nobody_vouches_for_is_not_asked()
    {
        MakeCertificate();
        MakeCertificate("stranger");
        var address = ProviderProcess.FreeAddress("https");
        await using var stranger = await ProviderProcess.StartAsync(
            address, ("TLS_KEY", Path.Combine(folder, "stranger-key.pem")), ("TLS_CERTIFICATE", Path.Combine(folder, "stranger-certificate.pem")));
        await using var trusting = await PortalProcess.StartAsync(fixture.Database, fixture.Simulator,
            [.. stranger.SettingsFor(address), ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Dispatch__Enabled", "false"), ("SSL_CERT_FILE", CertificateFile)]);
        await using var dana = await Person.ArriveAsync(fixture.Browser, trusting.Address, provider: stranger.Issuer);

        await dana.Page.GotoAsync("/signin/provider");

        await Expect(dana.Page).ToHaveURLAsync($"{trusting.Address}/signin?refused=ProviderNotAvailable");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    void MakeCertificate(string? name = null)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var prefix = name is null ? "" : name + "-";
        File.WriteAllText(Path.Combine(folder, prefix + "certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, prefix + "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
