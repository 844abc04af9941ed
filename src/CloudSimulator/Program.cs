using CloudSimulator;
using CloudSimulator.CodeArts;
using CloudSimulator.Control;
using CloudSimulator.Faults;
using CloudSimulator.Gateway;
using CloudSimulator.Iam;
using CloudSimulator.Signing;
using CloudSimulator.Swr;

var arguments = CommandLine.Parse(args);
// appsettings.json lies beside the program, whatever folder it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = arguments.ForConfiguration, ContentRootPath = AppContext.BaseDirectory });
if (ListenAddress.Refusal(builder.Configuration, arguments.AllowAnyAddress) is { } refusal)
{
    await Console.Error.WriteLineAsync(refusal);
    return 2;
}
builder.WebHost.UseUrls(ListenAddress.Of(builder.Configuration));
builder.WebHost.ConfigureKestrel(GatewayLimits.Apply);
builder.Host.ConfigureHostOptions(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));

builder.Services.AddControl(builder.Configuration);
builder.Services.AddIam(builder.Configuration);
builder.Services.AddSigning();
builder.Services.AddSwr();
builder.Services.AddCodeArts();
builder.Services.AddFaults();

var app = builder.Build();
app.UseMiddleware<RequestIntake>();
app.UseMiddleware<FaultInjection>();
app.MapIam();
app.MapSwr();
app.MapCodeArts();
app.MapControl();

await app.StartAsync();
await Console.Out.WriteLineAsync($"Cloud simulator ready: {string.Join(' ', app.Urls)}");
if (arguments.StopWhenInputEnds)
    CommandLine.EndWithInput(app.Lifetime);
await app.WaitForShutdownAsync();
return 0;
