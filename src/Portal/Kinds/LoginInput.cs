namespace Portal.Kinds;

/// <summary>A user name and password as somebody typed them, on their way to being sealed. A class that prints nothing, so that no log can.</summary>
public sealed class LoginInput(string userName, string password)
{
    public string UserName => userName;

    public string Password => password;

    public override string ToString() => "***";
}
