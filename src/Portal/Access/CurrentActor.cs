using Microsoft.AspNetCore.Components.Authorization;

namespace Portal.Access;

/// <summary>Tells a page on whose behalf it runs.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication)
{
    /// <summary>The signed-in person. Pages are behind sign-in, so nobody being there is a fault.</summary>
    public async Task<Actor> GetAsync()
    {
        var state = await authentication.GetAuthenticationStateAsync();
        return Actor.From(state.User) ?? throw new InvalidOperationException("A page that needs a person was reached without a sign-in.");
    }
}
