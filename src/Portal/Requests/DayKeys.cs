using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Portal.Requests;

/// <summary>
/// A key for each day in UTC, in a folder that all nodes share and the database never sees. Destroying a day's key makes everything that was
/// sealed on that day unreadable, also what is left of it in dead rows, WAL and backups. Without a folder (Development) the keys are
/// this process's own and end with it.
/// </summary>
public sealed class DayKeys(IOptions<RequestsOptions> options)
{
    const int Size = 32;
    const string Extension = ".key";
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly ConcurrentDictionary<DateOnly, byte[]> own = [];

    string Folder => options.Value.DayKeyFolder;

    /// <summary>The key of a day, made when it is the first time. The caller overwrites it after use.</summary>
    public byte[] ForSealing(DateOnly day)
    {
        if (Folder.Length == 0)
        {
            return [.. own.GetOrAdd(day, _ => RandomNumberGenerator.GetBytes(Size))];
        }

        return Find(day) ?? Make(day);
    }

    /// <summary>The key of a day, or null when there is none (any more). The caller overwrites it after use.</summary>
    public byte[]? Find(DateOnly day)
    {
        if (Folder.Length == 0)
        {
            return own.TryGetValue(day, out var kept) ? [.. kept] : null;
        }

        try
        {
            return File.ReadAllBytes(PathOf(day)) is { Length: Size } key ? key : null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Overwrites and deletes the keys of all days before one. Gives the days.</summary>
    public IReadOnlyList<DateOnly> DestroyBefore(DateOnly first)
    {
        List<DateOnly> destroyed = [];
        foreach (var day in own.Keys.Where(day => day < first))
        {
            if (own.TryRemove(day, out var key))
            {
                CryptographicOperations.ZeroMemory(key);
                destroyed.Add(day);
            }
        }

        if (!Directory.Exists(Folder))
        {
            return destroyed;
        }

        // The content before the name that leads to it: a name without content is only a dead end.
        foreach (var file in Directory.EnumerateFiles(Folder).Where(file => DayOf(file) < first).OrderBy(file => file.EndsWith(Extension, StringComparison.Ordinal)).ToList())
        {
            Overwrite(file);
            File.Delete(file);
            if (file.EndsWith(Extension, StringComparison.Ordinal))
            {
                destroyed.Add(DayOf(file)!.Value);
            }
        }

        return destroyed;
    }

    byte[] Make(DateOnly day)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Folder);
        }
        else
        {
            Directory.CreateDirectory(Folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        var content = Path.Combine(Folder, $"{day:O}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        var key = RandomNumberGenerator.GetBytes(Size);
        try
        {
            var form = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                form.UnixCreateMode = OwnerOnly;
            }

            using (var file = new FileStream(content, form))
            {
                file.Write(key);
                file.Flush(flushToDisk: true);
            }

            // A link is made or refused in one step, and leads to a file that is whole: of two nodes that make the day's key at the same
            // moment one wins, and both use that one.
            File.CreateSymbolicLink(PathOf(day), Path.GetFileName(content));
            return key;
        }
        catch (IOException) when (Find(day) is { } first)
        {
            CryptographicOperations.ZeroMemory(key);
            Overwrite(content);
            File.Delete(content);
            return first;
        }
    }

    static void Overwrite(string path)
    {
        // The name of a day is a link, whose file has its turn itself.
        if (new FileInfo(path) is not { Exists: true, LinkTarget: null })
        {
            return;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.Write(new byte[file.Length]);
        file.Flush(flushToDisk: true);
    }

    string PathOf(DateOnly day) => Path.Combine(Folder, $"{day:O}{Extension}");

    static DateOnly? DayOf(string path) => Path.GetFileName(path) is { Length: > 10 } name
        && DateOnly.TryParseExact(name[..10], "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
