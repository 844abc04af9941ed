using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Access;

/// <summary>
/// Somebody who signed in, with the roles they had then. Before a call is made the portal asks here whether those who agreed to it may
/// still decide.
/// </summary>
public sealed class Person
{
    /// <summary>As <see cref="Actor.Id"/>.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Names of <see cref="Role"/>; those that this version does not know give nothing.</summary>
    public required string[] Roles { get; init; }

    /// <summary>When they signed in last, by the database's clock.</summary>
    public DateTimeOffset SeenAt { get; private set; }

    /// <summary>True when one of the roles carries the permission.</summary>
    public bool May(Permission permission) =>
        Permissions.Allow(Roles.Where(name => Enum.TryParse<Role>(name, out var role) && Enum.IsDefined(role)).Select(Enum.Parse<Role>), permission);
}

sealed class PersonMapping : IEntityTypeConfiguration<Person>
{
    public void Configure(EntityTypeBuilder<Person> builder)
    {
        builder.ToTable("person");
        builder.HasKey(person => person.Id);
        builder.Property(person => person.SeenAt).HasDefaultValueSql("clock_timestamp()").ValueGeneratedOnAdd();
    }
}
