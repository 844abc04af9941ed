namespace Portal.People;

/// <summary>Who may come in, and what they are.</summary>
public static class PeopleFeature
{
    /// <summary>Adds the services of people and their sign-ins.</summary>
    public static IServiceCollection AddPeople(this IServiceCollection services) =>
        services.AddSingleton<PeopleService>().AddSingleton<SignInService>();
}
