using Microsoft.Extensions.Options;
using Portal;
using Portal.Access;
using Portal.Audit;
using Portal.Controls;
using Portal.Health;
using Portal.Shell;
using Portal.SignIn;
using Portal.SignIn.OpenIdConnect;
using Portal.Telemetry;
using Radzen;

var builder = WebApplication.CreateBuilder(args);
try
{
    builder.Host.UseDefaultServiceProvider(container => (container.ValidateOnBuild, container.ValidateScopes) = (true, true));
    UnsafeSettings.Guard(builder.Configuration, builder.Environment);
    builder.WebHost.ConfigureKestrel(Limits.Set);
    TypedText.KeepOutOfLogs(builder.Logging);

    builder.Logging.AddLogFormatters();
    builder.Logging.SayFaultsOfTheStartOnce();
    builder.Services.AddSingleton(TimeProvider.System);
    builder.AddTelemetry();
    builder.Services.AddLocalization();
    builder.Services.AddSignIn(builder.Configuration, builder.Environment);
    builder.Services.AddPortal(builder.Configuration);
    builder.Services.AddRazorComponents().AddInteractiveServerComponents(Limits.Set);
    builder.Services.Configure<RouteHandlerOptions>(forms => forms.ThrowOnBadRequest = false);
    builder.Services.AddAntiforgery(forms => forms.SuppressXFrameOptionsHeader = true);
    builder.Services.AddRadzenComponents();
    builder.Services.AddSingleton<Clock>();
    builder.Services.AddOpenPages();

    var app = builder.Build();
    app.UseRequestSpans();
    app.UseProxies();
    var provider = app.Services.GetRequiredService<IOptions<ProviderOptions>>().Value;
    app.UseSecurityHeaders(provider.IsConfigured ? provider.Origin : null);
    app.UseRequestLocalization(Preferences.Localization);
    app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
    app.UseStatusTexts();
    app.UseSameOrigin(provider.IsConfigured ? [provider.CallbackPath, app.Services.GetRequiredService<IOptions<SignInOptions>>().Value.BackChannelLogoutPath] : []);
    app.UseBodyLimit();
    app.UseErrorPage("/error");
    app.UseRateLimits(CountedBy.Address);
    app.UseAuthentication();
    app.UseRateLimits(CountedBy.Person);
    app.UseOpenPages();
    app.UsePageConnections();
    app.UseAuthorization();
    app.UseMissingPages();
    app.UseAntiforgery();
    app.MapStaticAssets();
    app.MapPreferences();
    app.MapSignIn();
    app.MapProviderLogout();
    app.MapAuditExports();
    app.MapHealth();
    app.MapRazorComponents<App>().AddInteractiveServerRenderMode(pages => pages.ContentSecurityFrameAncestorsPolicy = null);
    app.WarnOfMissingSettings();
    app.Run();
    return 0;
}
catch (Exception fault) when (fault is not HostAbortedException)
{
    return StartFaults.Say(builder.Configuration, fault);
}
