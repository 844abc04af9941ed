using Portal;
using Portal.Access;
using Portal.Audit;
using Portal.Controls;
using Portal.Shell;
using Radzen;

var builder = WebApplication.CreateBuilder(args);
builder.Host.UseDefaultServiceProvider(container => (container.ValidateOnBuild, container.ValidateScopes) = (true, true));
Personas.Guard(builder.Configuration, builder.Environment);

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddLocalization();
builder.Services.AddSignIn();
builder.Services.AddPortal(builder.Configuration);
builder.Services.AddPortalHealth();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddRadzenComponents();
builder.Services.AddSingleton<Clock>();

var app = builder.Build();
app.UseExceptionHandler("/error");
app.UseStatusCodePagesWithReExecute("/not-found");
app.UseRequestLocalization(Preferences.Localization);
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapPreferences();
app.MapSignIn();
app.MapAuditExports();
app.MapPortalHealth();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
app.Run();
