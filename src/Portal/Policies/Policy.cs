using System.Text.Json.Nodes;

namespace Portal.Policies;

/// <summary>
/// Who must agree before a request is carried out. The policy that governs a request is pinned to it at submit, so that a later
/// change never widens an approval that was given.
/// </summary>
/// <param name="Name">Name and version, such as <c>one-approval/1</c>.</param>
/// <param name="Approvals">How many different people must approve.</param>
public sealed record Policy(string Name, int Approvals);

/// <summary>Chooses the policy for a request. Pure: the same wish gets the same policy.</summary>
public static class PolicyMatcher
{
    /// <summary>One approval by somebody who is not the requester.</summary>
    public static Policy OneApproval { get; } = new("one-approval/1", 1);

    /// <summary>The policy for a payload of a kind.</summary>
    public static Policy Match(string kind, JsonObject payload)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(payload);
        return OneApproval;
    }

    /// <summary>The policy that was pinned to a request.</summary>
    public static Policy Pinned(string name) => name == OneApproval.Name
        ? OneApproval
        : throw new InvalidOperationException($"The policy '{name}' is not known to this version of the portal.");
}
