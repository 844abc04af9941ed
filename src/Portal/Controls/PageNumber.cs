using System.Globalization;

namespace Portal.Controls;

/// <summary>The page of a list as an address names it. Taken as text: a query parameter that is a number makes the whole page fail when it is none.</summary>
public static class PageNumber
{
    const int Last = 100_000;

    /// <summary>A page from 1 on; the first for everything that is no number.</summary>
    public static int Of(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, Last) : 1;
}
