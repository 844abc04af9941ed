using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;
using Portal.Access;

namespace Portal.SignIn;

/// <summary>
/// Looks now and then whether the sign-in behind an open page still holds. When it does not, the page shows nothing more and leaves for the
/// sign-in page, also when nobody clicks.
/// </summary>
sealed class SessionWatch(ILoggerFactory logs, Sessions sessions, OpenPage page, PageConnections connections, IOptions<SessionLimits> options)
    : RevalidatingServerAuthenticationStateProvider(logs)
{
    /// <inheritdoc />
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(options.Value.LookAgainSeconds);

    /// <inheritdoc />
    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        if (Actor.From(authenticationState.User) is not { Session: { } session } actor)
        {
            return false;
        }

        if (await sessions.ActorAsync(session, actor.Address, keyHash: null, cancellationToken) is not null)
        {
            return true;
        }

        page.End();
        _ = connections.CutAsync(session);
        return false;
    }
}

/// <summary>
/// Clicks and keys on an open page count as use of the sign-in; what the portal itself does to the page does not. When the sign-in is over
/// nothing more comes through, and the page cannot be connected to again.
/// </summary>
sealed class SessionActivity(AuthenticationStateProvider authentication, Sessions sessions, OpenPage page, TimeProvider time) : CircuitHandler
{
    static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    DateTimeOffset notBefore;

    /// <inheritdoc />
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        if (page.IsOver)
        {
            return;
        }

        await next(context);
        var now = time.GetUtcNow();
        if (now >= notBefore && Actor.From((await authentication.GetAuthenticationStateAsync()).User)?.Session is { } session)
        {
            notBefore = now + Often;
            await sessions.TouchAsync(session, CancellationToken.None);
        }
    };

    /// <inheritdoc />
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken) =>
        page.IsOver ? throw new SessionEndedException() : Task.CompletedTask;
}
