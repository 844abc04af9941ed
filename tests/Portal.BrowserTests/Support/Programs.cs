using System.Diagnostics;

namespace Portal.BrowserTests.Support;

/// <summary>Where the built programs are, and what ./test.sh hands to the tests.</summary>
public static class Programs
{
    /// <summary>The top of the repository: the portal reads its settings from there.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The portal.</summary>
    public static string Portal { get; } = Built("src/Portal", "Portal.dll");

    /// <summary>The migrations program.</summary>
    public static string Migrations { get; } = Built("migrations", "Portal.Migrations.dll");

    /// <summary>A setting without which no test of this project can run.</summary>
    public static string Required(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{variable} is not set. Run ./test.sh: it makes a private PostgreSQL cluster, finds Chromium and sets it.");

    /// <summary>How to start a program, with these settings in its environment.</summary>
    public static ProcessStartInfo StartOf(string dll, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Repository, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(dll);
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    // In the same configuration as the tests.
    static string Built(string project, string dll) =>
        Path.Combine(Repository, project, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", dll);

    static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Portal.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
