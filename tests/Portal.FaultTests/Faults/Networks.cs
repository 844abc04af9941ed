using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.FaultTests.Support;

namespace Portal.FaultTests.Faults;

/// <summary>The way to the cloud is broken.</summary>
static class Networks
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("F24", "cut before, in the middle of or after the body", Ground.Shared, trial =>
            OnWireAsync(trial, WireFault.CutBeforeBody, WireFault.CutInBody, WireFault.CutAfterBody)) { ShortRuns = 3 },
        new("F25", "cut in the middle of the answer", Ground.Shared, trial => OnWireAsync(trial, WireFault.CutInAnswer)) { ShortRuns = 2 },
        new("F26", "answer, or even effect, after the time-out", Ground.Shared, LateAsync) { ShortRuns = 2 },
        new("F27", "accepted and never answered", Ground.Shared, trial => OnWireAsync(trial, WireFault.NeverAnswer)) { ShortRuns = 2 },
        new("F28", "one byte a second", Ground.Shared, trial => OnWireAsync(trial, WireFault.OneByteASecond)) { ShortRuns = 2 },
        new("F29", "reset when a kept connection is used again", Ground.Shared, trial => OnWireAsync(trial, WireFault.ResetOnReuse)) { ShortRuns = 2 },
        new("F30", "wrong certificate", Ground.Own, WrongCertificateAsync),
        new("F31", "host not found, connection refused", Ground.Own, NobodyThereAsync),
    ];

    static async Task OnWireAsync(Trial trial, params WireFault[] faults)
    {
        var wishes = await trial.SubmitAsync(images: 3, mirrors: 2);
        var scripts = wishes.Select(wish => trial.Wire.Script(wish.Word, trial.Chance.GetItems(faults, 1)[0])).ToList();
        await trial.ApproveAsync(wishes);
        foreach (var script in scripts)
        {
            await script.Met;
        }
    }

    // The time-out is two seconds; the portal looks after one more, and sends again after two looks that found nothing.
    static async Task LateAsync(Trial trial)
    {
        var wishes = await trial.SubmitAsync(images: 2, mirrors: 3);
        var scripts = wishes.Select(wish => trial.Wire.Script(wish.Word, trial.Chance.GetItems([WireFault.HoldAnswer, WireFault.HoldCall], 1)[0])).ToList();
        await trial.ApproveAsync(wishes);
        await Task.WhenAll(scripts.Select(async script =>
        {
            await script.Met;
            await Task.Delay(TimeSpan.FromSeconds(2.2 + (6 * trial.Chance.NextDouble())));
            script.Release();
            await script.Over;
        }));
    }

    static async Task WrongCertificateAsync(Trial trial)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await NotSentAsync(trial, Place.WithCloudAt(service => $"https://127.0.0.1:{port}/{service}/{{region}}"), "TLS");
        listener.Stop();
        await serving;
    }

    // A certificate that nobody vouches for, for another host.
    static async Task ServeAsync(TcpListener listener)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=elsewhere.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        while (true)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var secure = new SslStream(client.GetStream());
                await secure.AuthenticateAsServerAsync(certificate);
                await secure.ReadExactlyAsync(new byte[1]);
            }
            catch (Exception gone) when (gone is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client did not like it: as it should.
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    static Task NobodyThereAsync(Trial trial) => NotSentAsync(
        trial,
        trial.Chance.Next(2) == 0
            ? Place.WithCloudAt(service => $"https://{service}.{{region}}.invalid")
            : Place.WithCloudAt(service => $"http://127.0.0.1:1/{service}/{{region}}"),
        "");

    // Nothing arrives anywhere, the portal knows that, and goes on when the way is there again.
    static async Task NotSentAsync(Trial trial, (string Name, string Value)[] nowhere, string failure)
    {
        await trial.ApproveAsync(images: 4, mirrors: 2);
        var node = await trial.Place.WorkAsync(nowhere);
        await trial.WhenAllAsync(
            "every call was tried",
            $"exists (select from portal.attempt a where a.item_id = i.id and a.purpose = 'Send' and a.result = 'NotSent' and a.error_message like '%{failure}%')");
        await node.DisposeAsync();
        trial.Check(await trial.Place.CountAsync("select count(*) from portal.request_item where unknowns > 0") == 0, "what was never sent was taken for unknown");
        await trial.TakeOverAsync();
    }
}
