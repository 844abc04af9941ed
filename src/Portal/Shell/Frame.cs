using Portal.Dispatch;

namespace Portal.Shell;

/// <summary>What the frame around every page shows of the person and the place. It reaches the layout as a cascading value.</summary>
/// <param name="Person">Name of the signed-in person, or null when nobody is.</param>
/// <param name="Role">The person's role in words of the current language.</param>
/// <param name="Environment">Text of the strip on top ("Development · simulated cloud"), or null for no strip.</param>
public sealed record Frame(string? Person, string? Role, string? Environment)
{
    /// <summary>A frame for nobody: no navigation, no person, no strip.</summary>
    public static readonly Frame Nobody = new(null, null, null);

    /// <summary>May open the Work group: home, new request, my requests.</summary>
    public bool MayRequest { get; init; }

    /// <summary>Sees what others asked for.</summary>
    public bool MayReadAll { get; init; }

    /// <summary>May open the Approve group.</summary>
    public bool MayApprove { get; init; }

    /// <summary>May open the Audit group.</summary>
    public bool MayAudit { get; init; }

    /// <summary>May open the Administer group.</summary>
    public bool MayManagePeople { get; init; }

    /// <summary>How many requests wait for this person's decision: the badge beside Approvals. Zero shows none.</summary>
    public int WaitingApprovals { get; init; }

    /// <summary>May open the Operate group.</summary>
    public bool MayOperate { get; init; }

    /// <summary>How many calls wait on the outcome desk: the badge beside it. Zero shows none.</summary>
    public int OnDesk { get; init; }

    /// <summary>The pause of everything, which every page shows; null while there is none.</summary>
    public Lane? Maintenance { get; init; }
}
