namespace Portal.Shell;

/// <summary>Tells whether a return address stays on this site, so that a link cannot send a person elsewhere.</summary>
public static class LocalUrl
{
    /// <summary>The address itself when it is a path of this site, otherwise the home page.</summary>
    public static string OrHome(string? url) => IsLocal(url) ? url! : "/";

    /// <summary>True for one leading slash that is not followed by a slash or backslash, without control characters.</summary>
    public static bool IsLocal(string? url)
    {
        if (string.IsNullOrEmpty(url) || url[0] != '/')
            return false;
        // Browsers read "/\" as "//", and drop tabs and line breaks before they read an address at all.
        if (url.Length > 1 && url[1] is ('/' or '\\'))
            return false;
        return !url.Any(char.IsControl);
    }
}
