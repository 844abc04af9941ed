namespace Portal.Controls;

/// <summary>The state of one of the two lights of an item.</summary>
public enum Light
{
    /// <summary>Not its turn yet.</summary>
    Off,

    /// <summary>Being tried or observed now.</summary>
    Pending,

    /// <summary>Yes, with a fact behind it.</summary>
    On,

    /// <summary>No, with a fact behind it.</summary>
    Failed,

    /// <summary>No clear answer.</summary>
    Unknown,
}
