using Portal;
using Portal.Access;
using Portal.Audit;
using Portal.Controls;
using Portal.Shell;
using Radzen;

var builder = WebApplication.CreateBuilder(args);
builder.Host.UseDefaultServiceProvider(container => (container.ValidateOnBuild, container.ValidateScopes) = (true, true));
UnsafeSettings.Guard(builder.Configuration, builder.Environment);
builder.WebHost.ConfigureKestrel(Limits.Set);

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddLocalization();
builder.Services.AddSignIn();
builder.Services.AddPortal(builder.Configuration);
builder.Services.AddPortalHealth();
builder.Services.AddRazorComponents().AddInteractiveServerComponents(Limits.Set);
builder.Services.AddAntiforgery(forms => forms.SuppressXFrameOptionsHeader = true);
builder.Services.AddRadzenComponents();
builder.Services.AddSingleton<Clock>();

var app = builder.Build();
app.UseSecurityHeaders();
app.UseSameOrigin();
app.UseBodyLimit();
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
app.MapRazorComponents<App>().AddInteractiveServerRenderMode(pages => pages.ContentSecurityFrameAncestorsPolicy = null);
app.Run();
