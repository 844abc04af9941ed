using Portal.Access;

namespace Portal.Kinds;

/// <summary>Whether, and when, a mirror sync may be given a user name and password.</summary>
public enum MirrorPasswords
{
    /// <summary>Never: a service endpoint kept in CodeArts is the only way.</summary>
    Never,

    /// <summary>The requester types them once the request is approved; they are in memory for seconds and stored nowhere.</summary>
    AfterApproval,

    /// <summary>They are given with the request and wait sealed for its approval.</summary>
    Sealed,
}

/// <summary>A user name and password as somebody typed them, on their way to being sealed or sent. Prints nothing, so that no log can.</summary>
public sealed class LoginInput(Secret userName, Secret password)
{
    const int LongestUserName = 200;
    const int LongestPassword = 500;

    /// <summary>As typed.</summary>
    public LoginInput(string userName, string password) : this(new Secret(userName), new Secret(password))
    {
    }

    public Secret UserName => userName;

    public Secret Password => password;

    /// <summary>What is wrong with the lengths, or null.</summary>
    public FieldProblem? Problem =>
        userName.IsEmpty || password.IsEmpty || userName.IsLongerThan(LongestUserName) || password.IsLongerThan(LongestPassword)
            ? new FieldProblem("login", "Field.LoginLength", LongestUserName, LongestPassword)
            : null;

    public override string ToString() => Secret.Mask;
}
