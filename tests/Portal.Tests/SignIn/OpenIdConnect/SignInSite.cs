using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.Shell;
using Portal.SignIn;
using Portal.SignIn.OpenIdConnect;
using Portal.Tests.Support;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>A clock that a test moves.</summary>
sealed class MovedClock : TimeProvider
{
    public TimeSpan By { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + By;
}

/// <summary>
/// The portal's front door over real HTTP, put together as Program.cs does it, without pages: <c>/who</c> says who is signed in. Two on one
/// database with the same protection are two nodes.
/// </summary>
sealed class SignInSite : IAsyncDisposable
{
    public const string PublicOrigin = "http://127.0.0.1:5080";
    public const string ClientSecret = "the-secret-of-the-portal";

    readonly WebApplication app;

    SignInSite(WebApplication app, MovedClock clock) => (this.app, Clock) = (app, clock);

    public MovedClock Clock { get; }

    public string Address => app.Urls.Single();

    public IServiceProvider Services => app.Services;

    public StateSeal Seal => app.Services.GetRequiredService<StateSeal>();

    /// <summary>The settings of a portal behind a provider.</summary>
    public static Dictionary<string, string?> SettingsFor(HostileProvider provider) => new()
    {
        ["AzureAd:Instance"] = provider.Instance,
        ["AzureAd:TenantId"] = HostileProvider.Tenant,
        ["AzureAd:ClientId"] = "portal",
        ["AzureAd:ClientSecret"] = ClientSecret,
        ["SignIn:PublicOrigin"] = PublicOrigin,
        ["SignIn:RolesByAppRole:Portal.Requester"] = "Requester",
        ["SignIn:RolesByGroup:approvers"] = "Approver",
    };

    public static async Task<SignInSite> StartAsync(TestDatabase database, IDataProtectionProvider protection, Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var clock = new MovedClock();
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<IDbContextFactory<PortalDb>>(database).AddSingleton(database.App).AddLocalization();
        builder.Services.AddDataProtection();
        builder.Services.AddSingleton(protection);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddSessions(builder.Configuration).AddSignIn(builder.Configuration, builder.Environment).AddAudit();
        var app = builder.Build();
        app.UseSameOrigin("/signin-oidc", "/signout-backchannel");
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapSignIn();
        app.MapProviderLogout();
        app.MapGet("/who", (HttpContext http) => Actor.From(http.User) is { } actor ? Results.Text($"{actor.Id} {string.Join(',', actor.Roles)}") : Results.Unauthorized());
        await app.StartAsync();
        return new SignInSite(app, clock);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
