using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Portal.Access;

/// <summary>Tells a page on whose behalf it runs. Asked anew before each action, because a page outlives a sign-out in another tab.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication, Sessions sessions, OpenPage page, NavigationManager navigation, IJSRuntime browser)
{
    /// <summary>
    /// The signed-in person with the roles of this moment. Throws <see cref="SessionEndedException"/>, and leaves for the sign-in page, when the
    /// sign-in was ended.
    /// </summary>
    public async Task<Actor> GetAsync()
    {
        var state = await authentication.GetAuthenticationStateAsync();
        if (Actor.From(state.User) is { Session: { } session } then
            && await sessions.ActorAsync(session, then.Address, keyHash: null, CancellationToken.None) is { } now)
        {
            return now;
        }

        page.End();
        _ = LeaveAsync();
        throw new SessionEndedException();
    }

    /// <summary>Leads the browser to the sign-in page, from where it comes back to this one.</summary>
    public async Task LeaveAsync()
    {
        try
        {
            // Not by NavigationManager: it calls a browser that has left the page in the meantime an error.
            await browser.InvokeVoidAsync("leaveForSignIn", "/signin?left=Ended&returnUrl=" + Uri.EscapeDataString("/" + navigation.ToBaseRelativePath(navigation.Uri)));
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
        }
    }
}
