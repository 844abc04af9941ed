using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Access;

/// <summary>
/// Somebody who signed in, with the roles they have. Before a call is made the portal asks here whether those who agreed to it may
/// still decide.
/// </summary>
public sealed class Person
{
    /// <summary>As <see cref="Actor.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>As the identity provider said at the last sign-in.</summary>
    public required string Name { get; set; }

    /// <summary>Names of <see cref="Role"/> that the identity provider gave at the last sign-in; those that this version does not know give nothing.</summary>
    public required string[] Roles { get; set; }

    /// <summary>Names of <see cref="Role"/> that an administrator gave by hand; a sign-in does not change them.</summary>
    public string[] Granted { get; set; } = [];

    /// <summary>When an administrator shut this person out; null for people who may come in.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>When they signed in last, by the database's clock.</summary>
    public DateTimeOffset SeenAt { get; private set; }

    /// <summary>What they are now: from the provider and by hand. Nothing for who is shut out.</summary>
    public IReadOnlyList<Role> RolesNow => DisabledAt is null ? Actor.RolesNamed(Roles.Concat(Granted)) : [];

    /// <summary>The roles that this version knows of <see cref="Granted"/>.</summary>
    public IReadOnlyList<Role> GivenByHand => Actor.RolesNamed(Granted);

    /// <summary>The roles that this version knows of <see cref="Roles"/>.</summary>
    public IReadOnlyList<Role> GivenByProvider => Actor.RolesNamed(Roles);

    /// <summary>True when one of the roles carries the permission.</summary>
    public bool May(Permission permission) => Permissions.Allow(RolesNow, permission);
}

sealed class PersonMapping : IEntityTypeConfiguration<Person>
{
    public void Configure(EntityTypeBuilder<Person> builder)
    {
        builder.ToTable("person");
        builder.HasKey(person => person.Id);
        builder.Property(person => person.Granted).HasDefaultValueSql("'{}'");
        builder.Property(person => person.SeenAt).HasDefaultValueSql("clock_timestamp()").ValueGeneratedOnAdd();
    }
}
