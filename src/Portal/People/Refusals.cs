namespace Portal.People;

/// <summary>Nobody of that id ever signed in.</summary>
public sealed record PersonNotFound : Refusal;

/// <summary>There is no such sign-in that holds, or it is not the asker's to end.</summary>
public sealed record SignInNotFound : Refusal;

/// <summary>Nobody changes what they themselves may do, whatever their roles.</summary>
public sealed record MayNotChangeOneself : Refusal;

/// <summary>Somebody has to be left who can give roles.</summary>
public sealed record LastAdministrator : Refusal;

/// <summary>The role of the portal itself is no person's.</summary>
public sealed record RoleCannotBeGiven : Refusal;

/// <summary>Somebody else changed the person after they were shown.</summary>
public sealed record PersonChanged : Refusal;

/// <summary>Why somebody is shut out has to be said, in text that others can read.</summary>
public sealed record CommentMissing(int Longest) : Refusal
{
    /// <inheritdoc />
    public override object[] Arguments => [Longest];
}
