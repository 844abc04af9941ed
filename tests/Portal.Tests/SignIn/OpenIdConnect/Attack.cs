using Portal.SignIn.OpenIdConnect;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>One hostile input and the check that must refuse it.</summary>
/// <param name="Name">What is done, in words.</param>
/// <param name="Refused">The check.</param>
/// <param name="Do">Changes the visit after it left for the provider.</param>
sealed record Attack(string Name, SignInFault Refused, Func<Visit, Task> Do)
{
    public Attack(string name, SignInFault refused, Action<Visit> change) : this(name, refused, visit =>
    {
        change(visit);
        return Task.CompletedTask;
    })
    {
    }
}
