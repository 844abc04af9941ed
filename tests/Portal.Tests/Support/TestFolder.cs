namespace Portal.Tests.Support;

/// <summary>A folder of a test's own, gone with it.</summary>
public sealed class TestFolder : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("portal-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
