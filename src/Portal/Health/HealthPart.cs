namespace Portal.Health;

/// <summary>How one part stands.</summary>
/// <param name="Part">Its stable name: <c>database</c>, <c>worker/dispatch</c>, <c>cloud/swr/cn-north-4</c>.</param>
/// <param name="IsWell">Whether it does what it is for.</param>
/// <param name="Finding">Key of the sentence that says what that means; with <c>.Do</c> behind it, what to do about it where it is not well.</param>
/// <param name="Arguments">Values for the slots of both sentences.</param>
public sealed record PartState(string Part, bool IsWell, string Finding, params object[] Arguments)
{
    /// <summary>A part that is well, and of which there is nothing more to say.</summary>
    public static PartState Well(string part) => new(part, true, "Health.Well");
}

/// <summary>Something that can be ill by itself. Each registration is asked by <see cref="HealthService"/>.</summary>
public interface IHealthPart
{
    /// <summary>
    /// True when this node can serve nobody while the part is ill: only such parts are asked for <c>/health/ready</c>. What lies outside the
    /// portal, or costs only some of its work, must not be one.
    /// </summary>
    bool IsNeeded { get; }

    /// <summary>Looks, within a few seconds, and does not throw for what it looks for.</summary>
    Task<IReadOnlyList<PartState>> LookAsync(CancellationToken token);
}
