using Portal.Kinds.CopyTags;
using Portal.Kinds.KeepCopying;
using Portal.Kinds.StopCopying;
using Portal.Kinds.SyncMirror;

namespace Portal.Kinds;

/// <summary>Every kind of request there is. A new kind is a new folder and one line in <see cref="KindsFeature.AddKinds"/>.</summary>
public sealed class KindList(IEnumerable<IKind> kinds)
{
    readonly Dictionary<string, IKind> byName = kinds.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    readonly Dictionary<string, IKind> byOperation = kinds.ToDictionary(kind => kind.Operation, StringComparer.Ordinal);

    /// <summary>All kinds in the order of the catalogue.</summary>
    public IEnumerable<IKind> All => byName.Values;

    /// <summary>The kind of that name, or null.</summary>
    public IKind? Find(string? name) => name is null ? null : byName.GetValueOrDefault(name);

    /// <summary>The kind of a stored request; that it exists is a promise of the database.</summary>
    public IKind this[string name] => byName[name];

    /// <summary>The kind whose calls are of that operation of the cloud's API; each kind has its own.</summary>
    public IKind OfOperation(string operation) => byOperation[operation];
}

/// <summary>Registration of the kinds.</summary>
public static class KindsFeature
{
    /// <summary>Adds every kind and the list of them.</summary>
    public static IServiceCollection AddKinds(this IServiceCollection services) => services
        .AddSingleton<IKind, KeepCopyingKind>()
        .AddSingleton<IKind, CopyTagsKind>()
        .AddSingleton<IKind, StopCopyingKind>()
        .AddSingleton<IKind, SyncMirrorKind>()
        .AddSingleton<KindList>()
        .AddScoped<LookupLimit>();
}
