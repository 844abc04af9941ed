using Portal.FaultTests.Support;

namespace Portal.FaultTests.Faults;

/// <summary>Where a fault is tried.</summary>
public enum Ground
{
    /// <summary>A database and nodes of its own: it kills nodes or needs other settings.</summary>
    Own,

    /// <summary>As <see cref="Own"/>, for nodes that log in: the user's tokens are shared, so one at a time.</summary>
    OwnLogin,

    /// <summary>A database on a server of its own, which it crashes.</summary>
    OwnServer,

    /// <summary>One node that works for all of these at once: the fault befalls only the calls of its own wishes.</summary>
    Shared,
}

/// <summary>Something that goes wrong, as data.</summary>
/// <param name="Number">As people name it: "F5".</param>
/// <param name="Name">What goes wrong, in a few words.</param>
/// <param name="Ground">Where it is tried.</param>
/// <param name="PlayAsync">Asks, lets it go wrong, and sees to it that a node works afterwards. Null for what cannot go wrong yet.</param>
/// <param name="NotApplicable">Why there is nothing to play.</param>
public sealed record Fault(string Number, string Name, Ground Ground, Func<Trial, Task>? PlayAsync, string? NotApplicable = null)
{
    /// <summary>How often the short version plays it.</summary>
    public int ShortRuns { get; init; } = 1;

    /// <inheritdoc />
    public override string ToString() => $"{Number} {Name}";

    /// <summary>Every fault, in the order of their numbers.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        .. new[] { Deaths.All, Databases.All, Networks.All, Answers.All, AtOnce.All, Times.All }
            .SelectMany(faults => faults).OrderBy(fault => int.Parse(fault.Number[1..], System.Globalization.CultureInfo.InvariantCulture)),
    ];
}
