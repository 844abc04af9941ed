using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Portal.Access;

/// <summary>Tells a page on whose behalf it runs. Asked anew before each action, because a page outlives a sign-out in another tab.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication, Sessions sessions, NavigationManager navigation, IJSRuntime browser)
{
    /// <summary>
    /// The signed-in person. Pages are behind sign-in, so nobody being there is a fault. Throws <see cref="SessionEndedException"/>, and leaves
    /// for the sign-in page, when the sign-in was ended.
    /// </summary>
    public async Task<Actor> GetAsync()
    {
        var state = await authentication.GetAuthenticationStateAsync();
        var actor = Actor.From(state.User) ?? throw new InvalidOperationException("A page that needs a person was reached without a sign-in.");
        if (actor.Session is { } session && await sessions.HasEndedAsync(session, CancellationToken.None))
        {
            _ = LeaveAsync("/signin?returnUrl=" + Uri.EscapeDataString("/" + navigation.ToBaseRelativePath(navigation.Uri)));
            throw new SessionEndedException();
        }

        return actor;
    }

    // Not by NavigationManager: it calls a browser that has left the page in the meantime an error.
    async Task LeaveAsync(string address)
    {
        try
        {
            await browser.InvokeVoidAsync("location.assign", address);
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
        }
    }
}
