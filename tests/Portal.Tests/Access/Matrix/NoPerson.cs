namespace Portal.Tests.Access.Matrix;

/// <summary>What the container holds and nobody's permission is asked for, and why; a type stands for all its methods without an actor.</summary>
static class NoPerson
{
    const string Worker = "work of the portal itself under a clock, for what people agreed to before; no page calls it";
    const string Reads = "reads the cloud's catalogue for the forms, with the portal's own credentials; changes nothing";
    const string Part = "a part that others are built of; holds nothing of anybody";
    const string Health = "says how a part of the node stands, to HealthService, which asks for the permission";
    const string Asks = "is what tells who acts";

    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["ApprovalExpiry"] = Worker,
        ["AuditService.ExistsAsync"] = "tells only whether an address leads anywhere, for the status of the answer",
        ["Changes"] = "rings when something changed; what, is asked of the services",
        ["Checkpoints"] = Part,
        ["ClockPart"] = Health,
        ["CloudCatalogue"] = Reads,
        ["CloudClient"] = "makes the calls that a service or worker decided on",
        ["CloudLook"] = Worker,
        ["CloudPart"] = Health,
        ["CopyTagsKind"] = Part,
        ["CredentialSource"] = "reads the cloud's credentials, for CloudClient",
        ["CurrentActor"] = Asks,
        ["DatabasePart"] = Health,
        ["DayKeys"] = Part,
        ["DispatchRates"] = Part,
        ["Dispatcher"] = Worker,
        ["Egress"] = Part,
        ["GivenLogins"] = Part,
        ["HealthService.IsReadyAsync"] = "one word for whoever watches the process",
        ["Heartbeats"] = Part,
        ["HuaweiOptionsRules"] = "reads settings at the start",
        ["Intents"] = Worker,
        ["ItemClaims"] = Worker,
        ["KeepCopyingKind"] = Part,
        ["KeyRing"] = "keys of Data Protection, for the framework",
        ["KindList"] = Part,
        ["LaneProbe"] = Worker,
        ["LaneService.MaintenanceAsync"] = "the banner that every signed-in person sees",
        ["LoginSeal"] = Part,
        ["LoginSweeper"] = Worker,
        ["LookupLimit"] = Part,
        ["NodeParts"] = Health,
        ["Observer"] = Worker,
        ["OpenPage"] = Asks,
        ["PageConnections"] = Asks,
        ["PeopleService.ExistsAsync"] = "tells only whether an address leads anywhere, for the status of the answer; asked for who manages people",
        ["PortalDb"] = "the database itself, for services",
        ["ProviderPart"] = Health,
        ["ProviderRules"] = "reads settings at the start",
        ["RateGate"] = "counts how often, by address where nobody is signed in",
        ["RateLimits"] = Part,
        ["Recorder"] = Worker,
        ["RoleGivers"] = "names only, for whoever was refused or has no role",
        ["SessionService"] = "begins a sign-in for whom a provider vouched, and ends what the provider ended",
        ["Sessions"] = Asks,
        ["StopCopyingKind"] = Part,
        ["SyncMirrorKind"] = Part,
        ["UsedOnce"] = Part,
    };
}
