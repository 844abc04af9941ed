using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Portal.Tests.Support;

/// <summary>bUnit asks for a newer AngleSharp.Diffing than every package source has; the one beside the tests has the calls it makes.</summary>
static class BunitAssemblies
{
    // A wait ends when what it waits for is there; bUnit's own second is too short on a machine that does much else.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [ModuleInitializer]
    internal static void Resolve() => AssemblyLoadContext.Default.Resolving += Load;

    /// <summary>Called by the first component test: bUnit itself cannot be named before <see cref="Resolve"/> has run.</summary>
    internal static void BePatient() => Bunit.BunitContext.DefaultWaitTimeout = Patience;

    static Assembly? Load(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == "AngleSharp.Diffing" ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll")) : null;
}
