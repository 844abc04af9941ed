using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.BrowserTests.Secrets;

/// <summary>A folder of day keys, in the hands of somebody who has the database too and reads both by the documented rules, without the portal.</summary>
sealed class DayKeyFolder : IDisposable
{
    /// <summary>For the portal's settings.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("portal-day-keys-").FullName;

    /// <summary>All that is in it.</summary>
    public IReadOnlyList<string> Files => Directory.GetFiles(Path);

    /// <summary>The keys themselves.</summary>
    public IReadOnlyList<string> Keys => Directory.GetFiles(Path, "*.key");

    /// <summary>The password of a sealed login.</summary>
    /// <param name="row"><c>wrapped_key, password, day, request_id</c> of its row.</param>
    /// <param name="file">A key; throws when it is not that of the row.</param>
    public static string Open(object?[] row, string file)
    {
        static byte[] Unseal(byte[] key, byte[] packed, string bound)
        {
            var text = new byte[packed.Length - 28];
            using var cipher = new AesGcm(key, 16);
            cipher.Decrypt(packed.AsSpan(0, 12), packed.AsSpan(28), packed.AsSpan(12, 16), text, Encoding.UTF8.GetBytes(bound));
            return text;
        }

        var day = ((DateOnly)row[2]!).ToString("O", CultureInfo.InvariantCulture);
        var key = Unseal(File.ReadAllBytes(file), (byte[])row[0]!, $"{row[3]}|key {day}|2");
        return Encoding.UTF8.GetString(Unseal(key, (byte[])row[1]!, $"{row[3]}|password|2"));
    }

    /// <summary>Whether that file opens that row.</summary>
    public static bool Opens(object?[] row, string file)
    {
        try
        {
            return Open(row, file).Length > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>As if the keys were of a day that is over by more than a login is held.</summary>
    public void MakeOld()
    {
        foreach (var file in Files.Order(StringComparer.Ordinal))
        {
            var old = OldNameOf(file);
            if (new FileInfo(file).LinkTarget is { } target)
            {
                File.Delete(file);
                File.CreateSymbolicLink(System.IO.Path.Combine(Path, old), OldNameOf(target));
            }
            else
            {
                File.Move(file, System.IO.Path.Combine(Path, old));
            }
        }
    }

    // A key's name begins with its day.
    static string OldNameOf(string file) => "2026-01-01" + System.IO.Path.GetFileName(file)[10..];

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
