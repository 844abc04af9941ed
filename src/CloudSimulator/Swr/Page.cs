using System.Globalization;
using CloudSimulator.Gateway;

namespace CloudSimulator.Swr;

/// <summary>A part of a list, with SWR's own <c>Content-Range: offset-count/total</c> (huawei-api 1.6).</summary>
/// <param name="IsGiven">False when the caller asked for no page: then the header is left out.</param>
sealed record Page(int Limit, int Offset, bool IsGiven)
{
    const int Largest = 1000;

    /// <summary>What the listing calls give without <c>limit</c> and <c>offset</c>.</summary>
    public static readonly Page Default = new(100, 0, IsGiven: false);

    /// <summary>The page, or null when one of the two is missing, no number or out of range.</summary>
    public static Page? Of(string? limit, string? offset) =>
        int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= Largest
        && int.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? new Page(count, start, IsGiven: true)
            : null;

    public IResult Answer<T>(HttpContext context, IReadOnlyList<T> all, Func<T, object> show)
    {
        var shown = all.Skip(Offset).Take(Limit).Select(show).ToList();
        if (IsGiven)
            context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"{Offset}-{shown.Count}/{all.Count}");
        return CloudJson.Answer(shown);
    }
}
