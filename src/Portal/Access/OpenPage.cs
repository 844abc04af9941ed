namespace Portal.Access;

/// <summary>Whether the sign-in behind one open page is over. Once it is, nothing that its browser still sends reaches the page.</summary>
public sealed class OpenPage
{
    /// <summary>True for good, once it was seen that the sign-in does not hold any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The sign-in does not hold any more.</summary>
    public void End() => IsOver = true;
}
