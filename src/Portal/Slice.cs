namespace Portal;

/// <summary>One page of a list, and how many there are in all.</summary>
public sealed record Slice<T>(IReadOnlyList<T> Rows, int Total);
