namespace Portal.Controls;

/// <summary>How one check of a preflight ended.</summary>
public enum CheckResult
{
    /// <summary>As it should be.</summary>
    Pass,

    /// <summary>Possible, but worth knowing before submitting.</summary>
    Warn,

    /// <summary>The request cannot be submitted like this.</summary>
    Block,
}
