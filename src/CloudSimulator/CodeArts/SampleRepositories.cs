namespace CloudSimulator.CodeArts;

/// <summary>The Git repositories after a start or a reset.</summary>
static class SampleRepositories
{
    /// <summary>Every date is counted back from <paramref name="now"/>.</summary>
    public static IEnumerable<GitRepository> At(DateTimeOffset now) =>
    [
        Repository(2111733, "team-a", "payments-mirror", "Payments, mirrored from the old Git server", now, 390, Succeeded(now, 511, "https://git.example.com/shop/payments.git", days: 1.3)),
        Repository(2111734, "team-a", "orders-mirror", "Orders, mirrored from the old Git server", now, 388, Succeeded(now, 512, "https://git.example.com/shop/orders.git", days: 38)),
        Repository(2111735, "team-a", "storefront-mirror", "The shop, mirrored from GitHub", now, 344, Failing(now)),
        Repository(2111736, "data-platform", "ingest-mirror", "Stream connectors", now, 270, Succeeded(now, 514, "https://github.com/example-corp/ingest.git", days: 0.2, isScheduled: true)),
        Repository(2111737, "data-platform", "models-mirror", "Recommendation models", now, 160, Succeeded(now, 515, "https://git.example.com/research/models.git", days: 126)),
        Repository(2111738, "mobile", "android-app-mirror", "Android app", now, 255, Succeeded(now, 516, "https://github.com/example-corp/android-app.git", days: 6.5)),
        Repository(2111739, "mobile", "ios-app-mirror", "iOS app, imported and never synchronised since", now, 3, new Mirror { Id = 517, Url = "https://github.com/example-corp/ios-app.git" }),
        Repository(2111750, "team-a", "deploy-scripts", "An ordinary repository, no mirror", now, 420, null),
        Repository(2111751, "mobile", "design-tokens", "An ordinary repository, no mirror", now, 90, null),
        Repository(2111752, "team-a", "monolith-mirror", "Retired", now, 1400, Succeeded(now, 518, "https://git.example.com/shop/monolith.git", days: 900)) with { Archived = true },
        Repository(2111760, "platform", "ingress-mirror", "Readable; starting its mirror needs the setting permission", now, 330, Succeeded(now, 519, "https://github.com/example-corp/ingress.git", days: 12)) with { Access = RepositoryAccess.Read },
        Repository(2111761, "security", "vault-policies-mirror", "Without permission", now, 330, Succeeded(now, 520, "https://git.example.com/security/vault-policies.git", days: 12)) with { Access = RepositoryAccess.None },
        Repository(2111762, "security", "scanner-mirror", "Membership ended", now, 330, Succeeded(now, 521, "https://git.example.com/security/scanner.git", days: 12)) with { Access = RepositoryAccess.MembershipEnded },
        Repository(3104401, "team-a-dr", "payments-dr-mirror", "Copy of payments for the second site", now, 200, Succeeded(now, 611, "https://git.example.com/shop/payments.git", days: 2.1)) with { Region = "cn-east-3" },
        Repository(3104402, "team-a-dr", "orders-dr-mirror", "Copy of orders for the second site", now, 200, Succeeded(now, 612, "https://git.example.com/shop/orders.git", days: 2.2)) with { Region = "cn-east-3" },
        Repository(4200117, "mobile-sg", "android-app-sg-mirror", "Android app for the Singapore team", now, 80, Succeeded(now, 711, "https://github.com/example-corp/android-app.git", days: 4)) with { Region = "ap-southeast-3" },
    ];

    /// <summary>One of many mirrors that differ in nothing but their number, counted from 1.</summary>
    public static GitRepository Bulk(int number, DateTimeOffset now) => Repository(
        9_000_000 + number, "bulk", $"mirror-{number:00000}", "", now, 100, Succeeded(now, 900_000 + number, $"https://git.example.com/bulk/{number}.git", days: 3));

    static GitRepository Repository(int id, string group, string name, string description, DateTimeOffset now, double ageInDays, Mirror? mirror) =>
        new("cn-north-4", id, group, name, description, RepositoryAccess.Set, now.AddDays(-ageInDays), mirror?.LastUpdateAt ?? now.AddDays(-ageInDays / 9)) { Mirror = mirror };

    static Mirror Succeeded(DateTimeOffset now, int id, string url, double days, bool isScheduled = false) => new()
    {
        Id = id,
        Url = url,
        EndpointUuid = "7c1f0f5e-4f0b-4c55-9a8e-3a2f6f0f1d11",
        IsPrivate = true,
        MirroringEnabled = isScheduled,
        UpdateStatus = "finished",
        LastUpdateAt = now.AddDays(-days),
        LastSuccessfulUpdateAt = now.AddDays(-days),
    };

    // The address in the error carries a password on purpose: a client has to hide it.
    static Mirror Failing(DateTimeOffset now) => new()
    {
        Id = 513,
        Url = "https://git.example.com/shop/storefront.git",
        EndpointUuid = "7c1f0f5e-4f0b-4c55-9a8e-3a2f6f0f1d12",
        IsPrivate = true,
        UpdateStatus = "failed",
        LastUpdateAt = now.AddHours(-9),
        LastSuccessfulUpdateAt = now.AddDays(-17),
        NumberOfFailures = 4,
        LastError = "fatal: Authentication failed for 'https://robot:s3cret-in-url@git.example.com/shop/storefront.git/'",
    };
}
