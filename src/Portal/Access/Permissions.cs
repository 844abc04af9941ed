namespace Portal.Access;

/// <summary>What somebody is in the portal. A person may have several roles.</summary>
public enum Role
{
    /// <summary>Any developer: asks, follows and withdraws their own requests.</summary>
    Requester,

    /// <summary>Decides on other people's requests.</summary>
    Approver,

    /// <summary>Keeps the dispatch moving; reads every request.</summary>
    Operator,

    /// <summary>Reads everything, changes nothing.</summary>
    Auditor,

    /// <summary>Keeps the settings; has no power over the audit trail and no approvals of their own.</summary>
    Administrator,

    /// <summary>The portal itself: workers and clocks.</summary>
    System,
}

/// <summary>One thing that a role may do; services ask for these, never for roles.</summary>
public enum Permission
{
    SubmitRequests,
    ReadAllRequests,
    DecideRequests,
    ReadAudit,
    Operate,
    Administer,

    /// <summary>Sees who may come in and what they are, gives and takes roles, ends sign-ins.</summary>
    ManagePeople,
}

/// <summary>The whole permission table, on one screen.</summary>
public static class Permissions
{
    static readonly Dictionary<Role, Permission[]> Table = new()
    {
        [Role.Requester] = [Permission.SubmitRequests],
        [Role.Approver] = [Permission.DecideRequests, Permission.ReadAllRequests],
        [Role.Operator] = [Permission.Operate, Permission.ReadAllRequests],
        [Role.Auditor] = [Permission.ReadAudit, Permission.ReadAllRequests],
        [Role.Administrator] = [Permission.Administer, Permission.ManagePeople, Permission.ReadAudit, Permission.ReadAllRequests],
        [Role.System] = [Permission.Operate, Permission.ReadAllRequests],
    };

    /// <summary>True when one of the roles carries the permission.</summary>
    public static bool Allow(IEnumerable<Role> roles, Permission permission) => roles.Any(role => Table[role].Contains(permission));

    /// <summary>The roles that people can have and that carry the permission.</summary>
    public static IReadOnlyList<Role> Holding(Permission permission) => [.. Given.Where(role => Table[role].Contains(permission))];

    /// <summary>The roles that people can have: all but that of the portal itself.</summary>
    public static IReadOnlyList<Role> Given { get; } = [.. Enum.GetValues<Role>().Where(role => role != Role.System)];
}
