namespace Portal.Controls;

/// <summary>What an input inside a <see cref="FieldFrame"/> puts on itself so that label, hint and error belong to it.</summary>
/// <param name="Id">For the input's <c>id</c>; the label points there.</param>
/// <param name="DescribedBy">For <c>aria-describedby</c>: hint and error, or null when there is neither.</param>
/// <param name="Invalid">For <c>aria-invalid</c>: "true", or null while the value is acceptable.</param>
public readonly record struct FieldSlot(string Id, string? DescribedBy, string? Invalid)
{
    /// <summary>
    /// The most characters that a browser lets into a field. One message to the server holds 32 KB, and a longer one ends the connection of
    /// the page; so many always fit, and are more than any rule allows, so that the rule speaks.
    /// </summary>
    public const int MostCharacters = 4000;

    static int last;

    /// <summary>An element id that nothing else on any page has.</summary>
    public static string NextId() => $"field-{Interlocked.Increment(ref last)}";
}
