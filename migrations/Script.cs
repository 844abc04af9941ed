namespace Portal.Migrations;

/// <summary>SQL that no mapping can say: roles, rights and triggers. One file a subject, in <c>sql/</c>.</summary>
public static class Script
{
    /// <summary>The text of one file.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(Script).Assembly.GetManifestResourceStream($"sql/{name}")
            ?? throw new InvalidOperationException($"sql/{name} is not part of the migrations.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
