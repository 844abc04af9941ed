using System.Security;
using System.Text;
using Microsoft.Extensions.Options;
using Portal.Access;

namespace Portal.Huawei;

/// <summary>
/// The credentials as they are now: those of the settings, and over them the files of <see cref="HuaweiOptions.CredentialsFolder"/>, one
/// file per value and named like it, as Kubernetes and Docker mount secrets. The folder is looked at before a call, so that a file that
/// was swapped counts from the next call on without anybody having to tell the portal. A set that cannot be used changes nothing: the last good one stays.
/// </summary>
public sealed class CredentialSource(IOptions<HuaweiOptions> options, ILogger<CredentialSource> log)
{
    /// <summary>Where Kubernetes links the folder's present content: all files of a secret change by this one link.</summary>
    const string PresentContent = "..data";

    const int LongestFile = 200_000;

    static readonly string[] Names =
    [
        nameof(HuaweiOptions.AccessKey), nameof(HuaweiOptions.SecretKey), nameof(HuaweiOptions.SecurityToken),
        nameof(HuaweiOptions.Account), nameof(HuaweiOptions.User), nameof(HuaweiOptions.Password),
    ];

    readonly Lock gate = new();
    CloudCredentials present = CloudCredentials.Of(options.Value);
    string? complaint;

    /// <summary>The credentials may change while the portal runs.</summary>
    public bool CanChange => options.Value.CredentialsFolder.Length > 0;

    /// <summary>The credentials for a call that begins now: the same object until they change.</summary>
    public CloudCredentials Present()
    {
        if (!CanChange)
            return present;
        lock (gate)
        {
            try
            {
                Take(Read(options.Value.CredentialsFolder));
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SecurityException)
            {
                // The words of the system name the path, and nothing of what is in it.
                Complain($"{options.Value.CredentialsFolder} cannot be read ({fault.GetType().Name})");
            }

            return present;
        }
    }

    void Take((CloudCredentials? Read, string? Problem) found)
    {
        if (found.Read is not { } read)
        {
            Complain(found.Problem!);
            return;
        }

        var problems = read.Problems().ToList();
        if (problems.Count > 0 || (!read.AreComplete && present.AreComplete))
        {
            Complain(problems.Count > 0
                ? string.Join(' ', problems.Select(problem => $"{PathOf(problem.Name)} {problem.Problem}"))
                : $"{options.Value.CredentialsFolder} holds no complete credentials any more");
            return;
        }

        complaint = null;
        if (!read.AreSameAs(present))
        {
            present = read;
            log.LogInformation("New credentials of the cloud are in use, from {Folder}", options.Value.CredentialsFolder);
        }
    }

    /// <summary>All values as the folder holds them at one moment; or the problem, which names a file.</summary>
    (CloudCredentials? Read, string? Problem) Read(string folder)
    {
        // Resolved once, so that the values come from one content also when the link is swapped meanwhile.
        var content = new DirectoryInfo(Path.Combine(folder, PresentContent));
        var from = content.Exists && content.ResolveLinkTarget(returnFinalTarget: true) is { } target ? target.FullName : folder;
        Dictionary<string, byte[]> values = [];
        foreach (var name in Names)
        {
            var path = Path.Combine(from, name);
            if (!File.Exists(path))
                continue;
            if (new FileInfo(path).Length > LongestFile)
                return (null, $"{PathOf(name)} is longer than {LongestFile} bytes");
            values[name] = Trimmed(File.ReadAllBytes(path));
            if (values[name].Length == 0)
                return (null, $"{PathOf(name)} is empty");
        }

        if (!Directory.Exists(from))
            throw new DirectoryNotFoundException();
        string Text(string name, string otherwise) => values.TryGetValue(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : otherwise;
        Secret Value(string name, Secret otherwise) => values.TryGetValue(name, out var bytes) ? Secret.Own(bytes) : otherwise;
        var given = options.Value;
        return (new CloudCredentials
        {
            Authentication = given.Authentication,
            AccessKey = Text(nameof(given.AccessKey), given.AccessKey),
            SecretKey = Value(nameof(given.SecretKey), given.SecretKey),
            SecurityToken = Value(nameof(given.SecurityToken), given.SecurityToken),
            Account = Text(nameof(given.Account), given.Account),
            User = Text(nameof(given.User), given.User),
            Password = Value(nameof(given.Password), given.Password),
        }, null);
    }

    // Editors and "echo" end a file with a new line that belongs to nobody's key.
    static byte[] Trimmed(byte[] bytes)
    {
        var length = bytes.AsSpan().TrimEnd("\r\n"u8).Length;
        return bytes[..length];
    }

    // Once for each new problem: the folder is looked at before every call.
    void Complain(string problem)
    {
        if (problem != complaint)
        {
            complaint = problem;
            log.LogWarning("Credentials of the cloud stay as they were: {Problem}", problem);
        }
    }

    string PathOf(string name) => Path.Combine(options.Value.CredentialsFolder, name);
}
