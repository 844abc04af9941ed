namespace CloudSimulator.Swr;

/// <summary>What the simulated registry holds after a start or a reset: enough for a demonstration to look like a company at work.</summary>
static class SampleRegistry
{
    static readonly (string Region, string Name, int Auth)[] Organizations =
    [
        ("cn-north-4", "team-a", 7), ("cn-north-4", "data-platform", 7), ("cn-north-4", "mobile", 7), ("cn-north-4", "base-images", 3),
        // Exists only here: a rule toward the same name elsewhere has no target.
        ("cn-north-4", "lab-experiments", 7),
        // The sample user may only read it: creating a rule answers 403.
        ("cn-north-4", "platform-shared", 1),
        ("cn-east-3", "team-a-dr", 7), ("cn-east-3", "data-platform-dr", 7), ("cn-east-3", "base-images", 7),
        ("cn-south-1", "team-a-south", 7), ("cn-south-1", "mobile", 7),
        ("cn-east-2", "data-platform", 7),
        ("cn-southwest-2", "base-images", 7),
        ("ap-southeast-1", "mobile-hk", 7),
        ("ap-southeast-3", "team-a", 7), ("ap-southeast-3", "mobile", 7), ("ap-southeast-3", "data-platform-sg", 7),
    ];

    static readonly (string Namespace, string Name, string Category, string Description, int Days, int Downloads, string[] Tags)[] Images =
    [
        ("team-a", "backend/order-api", "app_server", "Takes and tracks orders", 410, 18_204, ["2.18.0", "2.18.1", "2.19.0", "2.19.1", "2.20.0-rc.1", "latest"]),
        ("team-a", "backend/payment-api", "app_server", "Payments and refunds", 398, 16_377, ["1.44.2", "1.45.0", "1.45.1", "latest"]),
        ("team-a", "backend/stock-worker", "app_server", "Keeps stock levels in step with the warehouses", 233, 4_410, ["0.31.0", "0.32.0"]),
        ("team-a", "web/storefront", "app_server", "The shop that customers see", 405, 22_951, ["2026.8.1", "2026.8.2", "2026.9.0", "latest"]),
        ("team-a", "web/back-office", "app_server", "Order desk for colleagues", 300, 2_218, ["2026.7.4", "2026.8.0"]),
        ("team-a", "tools/busybox", "linux", "Small shell for debugging", 520, 7_703, ["1.36", "1.37"]),
        ("team-a", "busybox", "linux", "Small shell, the old place", 700, 903, ["1.35"]),
        ("data-platform", "ingest/kafka-connect", "framework_app", "Connectors of the event stream", 280, 3_120, ["3.8.0", "3.9.0", "3.9.1"]),
        ("data-platform", "spark/runner", "framework_app", "Batch jobs", 350, 5_006, ["3.5.1", "3.5.2", "4.0.0"]),
        ("data-platform", "notebook", "lang", "Analysts' workbench", 190, 1_450, ["2026-07", "2026-08"]),
        ("data-platform", "feature_store", "database", "Features for the recommendation models", 150, 611, ["0.9.3", "0.10.0"]),
        ("mobile", "gateway/bff-ios", "app_server", "Backend of the iOS app", 260, 6_812, ["5.2.0", "5.3.0", "latest"]),
        ("mobile", "gateway/bff-android", "app_server", "Backend of the Android app", 260, 6_955, ["5.2.0", "5.3.1", "latest"]),
        ("mobile", "push-sender", "app_server", "Sends notifications", 120, 1_204, ["1.0.8"]),
        ("base-images", "dotnet/aspnet", "lang", "Hardened ASP.NET base", 600, 44_120, ["9.0", "10.0"]),
        ("base-images", "python", "lang", "Hardened Python base", 600, 31_877, ["3.12", "3.13"]),
        ("base-images", "nginx", "framework_app", "Hardened web server base", 600, 52_008, ["1.28", "1.29"]),
        ("lab-experiments", "llm/prompt-proxy", "other", "Try-out, may vanish", 20, 12, ["dev"]),
        ("platform-shared", "ingress/controller", "framework_app", "Shared by the platform group", 330, 9_001, ["1.12.3"]),
    ];

    static readonly (string Namespace, string Image, SyncTarget Target, bool SyncAuto, bool Override, int Days)[] Rules =
    [
        ("team-a", "backend/payment-api", new("cn-east-3", "team-a-dr"), true, false, 120),
        ("team-a", "web/storefront", new("ap-southeast-3", "team-a"), true, true, 85),
        ("team-a", "web/storefront", new("cn-east-3", "team-a-dr"), true, false, 84),
        ("data-platform", "spark/runner", new("cn-east-3", "data-platform-dr"), true, false, 44),
        ("base-images", "dotnet/aspnet", new("cn-southwest-2", "base-images"), true, false, 200),
        // Stored, never fires, never listed.
        ("mobile", "push-sender", new("ap-southeast-3", "mobile"), false, false, 15),
    ];

    /// <summary>Fills an empty registry; every date is counted back from <paramref name="now"/>, every digest is the same at every start.</summary>
    public static void Fill(Registry registry, DateTimeOffset now)
    {
        var organizations = Organizations.ToDictionary(o => (o.Region, o.Name), o => registry.AddOrganization(o.Region, o.Name, o.Auth, o.Auth == 1 ? "platform-admin" : "portal-robot"));
        var images = new Dictionary<(string, string), ImageRepository>();
        foreach (var image in Images)
        {
            var repository = registry.AddRepository(organizations[("cn-north-4", image.Namespace)], image.Name, image.Category, image.Description, now.AddDays(-image.Days), image.Downloads);
            images[(image.Namespace, image.Name)] = repository;
            for (var i = 0; i < image.Tags.Length; i++)
            {
                var pushed = now.AddDays(-4.2 * (image.Tags.Length - i)).AddMinutes(-37 * i);
                registry.PutTag(repository, image.Tags[i], Registry.Digest($"{image.Name}:{image.Tags[i]}"), 18_000_000 + (image.Name.Length * 7_345_211L) + (i * 91_337), pushed);
            }
        }
        foreach (var rule in Rules)
        {
            var source = images[(rule.Namespace, rule.Image)];
            registry.AddRule(source, rule.Target, rule.SyncAuto, rule.Override, now.AddDays(-rule.Days));
            if (!rule.SyncAuto)
                continue;
            foreach (var tag in source.Tags.Values.OrderBy(tag => tag.Updated).TakeLast(2).ToList())
                registry.StartJob(source, tag.Name, rule.Target, rule.Override, tag.Updated.AddSeconds(3), TimeSpan.FromSeconds(94));
        }
    }
}
