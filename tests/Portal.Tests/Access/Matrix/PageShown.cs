using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Access;
using Portal.Controls;
using Portal.Tests.Support;
using Radzen;

namespace Portal.Tests.Access.Matrix;

/// <summary>A page as somebody sees it, with the portal's own services behind it.</summary>
static class PageShown
{
    // The sign of a page that is not for who came, and of one that leads nowhere.
    static readonly string Shield = IconShapes.PathOf("shield");
    static readonly string Compass = IconShapes.PathOf("compass");

    /// <summary>Opens the page; gives <c>yes</c>, <c>no</c> when it says that it is not theirs, or <c>not found</c>.</summary>
    public static async Task<string> SayAsync(TestDatabase database, Actor actor, Type page, string address, IReadOnlyDictionary<string, object> parameters)
    {
        BunitAssemblies.BePatient();
        await using var context = new BunitContext();
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        var configuration = PortalHost.SettingsFor(database, service => $"http://127.0.0.1:1/{service}/{{region}}");
        context.Services.AddLocalization().AddLogging();
        context.Services.AddSingleton(TimeProvider.System).AddSingleton<IConfiguration>(configuration).AddSingleton<Clock>();
        context.Services.AddSingleton<IHostEnvironment>(new NamedEnvironment("Testing"));
        context.Services.AddPortal(configuration);
        context.Services.AddRadzenComponents();
        context.Services.AddScoped<OpenPage>().AddScoped<CurrentActor>();
        context.Services.AddSingleton<AuthenticationStateProvider>(new Somebody(actor));
        context.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        var cut = context.Render(builder =>
        {
            builder.OpenComponent(0, page);
            foreach (var (name, value) in parameters)
            {
                builder.AddComponentParameter(1, name, value);
            }

            builder.CloseComponent();
        });
        await cut.WaitForStateAsync(() => !cut.Markup.Contains("skeleton", StringComparison.Ordinal) && cut.Markup.Contains("<h1", StringComparison.Ordinal));
        // A page without anything to load draws itself before it knows who came.
        await cut.InvokeAsync(() => { });
        var head = cut.FindAll(".empty h1").Count > 0 ? cut.Find(".empty").InnerHtml : "";
        return head.Contains(Shield, StringComparison.Ordinal) ? "no" : head.Contains(Compass, StringComparison.Ordinal) ? "not found" : "yes";
    }

    sealed class Somebody(Actor actor) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(actor.ToPrincipal("Cookies")));
    }
}
