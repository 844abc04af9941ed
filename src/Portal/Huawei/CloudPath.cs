namespace Portal.Huawei;

/// <summary>Builds request paths from names that people typed, so that no name can leave its segment.</summary>
public static class CloudPath
{
    /// <summary>Joins segments by "/", each percent-encoded; "$" stays, because SWR wants it for the "/" of an image name.</summary>
    /// <exception cref="ArgumentException">A segment is empty, "." or ".." and would change the path's meaning.</exception>
    public static string Of(params ReadOnlySpan<string> segments)
    {
        var path = new System.Text.StringBuilder();
        foreach (var segment in segments)
        {
            if (segment is "" or "." or "..")
                throw new ArgumentException($"'{segment}' cannot be a segment of a path.", nameof(segments));
            path.Append('/').Append(Uri.EscapeDataString(segment).Replace("%24", "$", StringComparison.Ordinal));
        }

        return path.ToString();
    }

    /// <summary>An image name as SWR wants it in a path: "backend/order-api" is "backend$order-api" (API page swr_02_0012).</summary>
    public static string ImageSegment(string repository) => repository.Replace('/', '$');
}
