using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Portal.Access;

namespace Portal.Shell;

/// <summary>The most pages that one person can have open.</summary>
public static class OpenPagesFeature
{
    /// <summary>Adds the counting.</summary>
    public static void AddOpenPages(this IServiceCollection services) =>
        services.AddSingleton<OpenPages>().AddScoped<PageSeat>().AddScoped<CircuitHandler>(page => page.GetRequiredService<PageSeat>());
}

/// <summary>Counts one open page of its person while it is connected, and says whether it is one too many.</summary>
public sealed class PageSeat(AuthenticationStateProvider authentication, OpenPages pages) : CircuitHandler
{
    string? counted;
    bool opened;

    /// <summary>True when the person had as many pages open as they may when this one was opened. It stays so until it is loaded again.</summary>
    public bool IsOneTooMany { get; private set; }

    /// <inheritdoc />
    public override async Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (counted is null && Actor.From((await authentication.GetAuthenticationStateAsync()).User) is { } actor)
        {
            counted = actor.Id;
            var fits = pages.Connect(counted);
            // A page that comes back after its connection was away is open already, and keeps what was typed into it.
            (IsOneTooMany, opened) = (opened ? IsOneTooMany : !fits, true);
        }
    }

    /// <inheritdoc />
    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken) => LeaveAsync();

    /// <inheritdoc />
    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken) => LeaveAsync();

    Task LeaveAsync()
    {
        if (Interlocked.Exchange(ref counted, null) is { } who)
        {
            pages.Disconnect(who);
        }

        return Task.CompletedTask;
    }
}
