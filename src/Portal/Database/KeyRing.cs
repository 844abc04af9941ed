using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Database;

/// <summary>One key of ASP.NET Core Data Protection, as it wrote it.</summary>
public sealed class KeyRingEntry
{
    public int Id { get; private set; }

    /// <summary>Data Protection's own name of the key.</summary>
    public required string Name { get; init; }

    public required string Xml { get; init; }
}

sealed class KeyRingMapping : IEntityTypeConfiguration<KeyRingEntry>
{
    public void Configure(EntityTypeBuilder<KeyRingEntry> builder)
    {
        builder.ToTable("key_ring");
        builder.Property(key => key.Name).HasMaxLength(200);
    }
}

/// <summary>
/// Keeps the Data Protection keys in the database, so that every node opens what any node sealed: cookies and forms.
/// Where a certificate is configured (<see cref="KeyCertificateOptions"/>) they come here encrypted with it.
/// </summary>
public sealed class KeyRing(IDbContextFactory<PortalDb> databases) : IXmlRepository
{
    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = databases.CreateDbContext();
        return [.. db.KeyRing.AsNoTracking().Select(key => key.Xml).ToList().Select(XElement.Parse)];
    }

    /// <summary>There are keys, and every one of them was stored without encryption.</summary>
    internal bool IsPlain()
    {
        var keys = GetAllElements().Where(element => element.Name == "key").ToList();
        return keys.Count > 0 && !keys.Exists(key => key.Descendants("encryptedSecret").Any());
    }

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = databases.CreateDbContext();
        db.KeyRing.Add(new KeyRingEntry { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        db.SaveChanges();
    }
}
