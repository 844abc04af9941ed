namespace Portal.Access;

/// <summary>Guards redirects: only paths inside the portal are followed.</summary>
public static class LocalUrl
{
    /// <summary>The given path when it stays inside the portal, else the home page.</summary>
    public static string OrHome(string? url) => IsLocal(url) ? url! : "/";

    /// <summary>True for one leading slash that is not followed by a slash or a backslash, without control characters.</summary>
    public static bool IsLocal(string? url) =>
        url is { Length: > 0 and <= 2048 } && url[0] == '/'
        && (url.Length == 1 || url[1] is not ('/' or '\\'))
        && !url.Any(char.IsControl);
}
