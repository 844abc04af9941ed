using Portal.Access;

namespace Portal.Tests.Access.Matrix;

/// <summary>One column of the permission matrix: a role alone, nobody, or somebody without a role.</summary>
/// <param name="Name">As the head of the column.</param>
/// <param name="Roles">The roles of who tries it.</param>
/// <param name="IsKnown">False for nobody: no sign-in in a browser, and no row of a person behind an actor.</param>
sealed record Column(string Name, IReadOnlyList<Role> Roles, bool IsKnown = true)
{
    public static IReadOnlyList<Column> All { get; } =
        [.. Permissions.Given.Select(role => new Column(role.ToString(), [role])), new Column("nobody", [], IsKnown: false), new Column("no role", [])];

    /// <summary>Who tries it. Stable, so that a person's rows are made once.</summary>
    public Actor Actor { get; } = new("matrix/" + Name, "Matrix " + Name, Roles);
}
