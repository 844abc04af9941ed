using Portal.Shell;
using Radzen;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddRadzenComponents();
builder.Services.AddLocalization();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<Portal.Controls.Clock>();
builder.Services.AddCascadingValue(_ => builder.Environment.IsDevelopment() ? Portal.Shell.Gallery.GalleryPage.SampleFrame : Frame.Nobody);

var app = builder.Build();
app.UseExceptionHandler("/error");
app.UseStatusCodePagesWithReExecute("/not-found");
app.UseRequestLocalization(Preferences.Localization);
app.UseAntiforgery();
app.MapStaticAssets();
app.MapPreferences();
app.MapGet("/health/live", () => "ok");
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
app.Run();
