namespace CloudSimulator.Swr;

/// <summary>SWR's filter grammar: <c>key::value</c> joined by <c>|</c> (huawei-api 1.6, 1.8).</summary>
static class ListFilter
{
    /// <summary>The pairs; null when the filter is missing or a part is no pair.</summary>
    public static Dictionary<string, string>? Parse(string? filter)
    {
        if (string.IsNullOrEmpty(filter))
            return null;
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in filter.Split('|'))
        {
            if (part.Split("::") is not [{ Length: > 0 } key, { Length: > 0 } value] || !pairs.TryAdd(key, value))
                return null;
        }
        return pairs;
    }
}
