using Microsoft.Extensions.Configuration;
using Portal.Access;

namespace Portal.Tests.Access;

/// <summary>People without a password exist only where nobody else can reach them.</summary>
public sealed class PersonasGuardTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData("Testing")]
    [InlineData("development-2")]
    public void Guard_personas_outside_development_are_refused_and_the_setting_is_named(string environment) =>
        Assert.Contains("SignIn:Personas", Assert.Throws<RefusedSettingException>(() => Guard(environment, ("urls", "http://127.0.0.1:5080"))).Message, StringComparison.Ordinal);

    public static TheoryData<string, string> Reachable { get; } = new()
    {
        { "urls", "http://0.0.0.0:5080" },
        { "urls", "http://*:5080" },
        { "urls", "http://+:5080" },
        { "urls", "http://[::]:5080" },
        { "urls", "http://192.168.1.10:5080" },
        { "urls", "http://portal.example.com" },
        { "urls", "http://127.0.0.1.example.com:5080" },
        { "urls", "http://localhost.example.com:5080" },
        { "urls", "http://localhost@example.com:5080" },
        { "urls", "http://127.0.0.1:5080;http://0.0.0.0:5081" },
        { "urls", "http://127.0.0.1:5080 ; http://*:5081" },
        { "urls", "nonsense" },
        { "http_ports", "5080" },
        { "https_ports", "5443" },
        { "HTTP_PORTS", "8080;8081" },
        { "Kestrel:Endpoints:Http:Url", "http://0.0.0.0:5080" },
        { "Kestrel:Endpoints:Http:Url", "http://*:5080" },
        { "kestrel:endpoints:anything:url", "https://[::]:5080" },
    };

    [Theory]
    [MemberData(nameof(Reachable))]
    public void Guard_personas_on_an_address_that_others_can_reach_are_refused(string setting, string value) =>
        Assert.Contains("SignIn:Personas", Assert.Throws<RefusedSettingException>(() => Guard("Development", (setting, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void Guard_one_open_endpoint_among_closed_ones_is_refused() => Assert.Throws<RefusedSettingException>(() => Guard(
        "Development", ("Kestrel:Endpoints:A:Url", "http://127.0.0.1:5080"), ("Kestrel:Endpoints:B:Url", "http://0.0.0.0:5081")));

    [Fact]
    public void Guard_endpoints_win_over_urls_as_they_do_in_kestrel()
    {
        Guard("Development", ("urls", "http://0.0.0.0:5080"), ("Kestrel:Endpoints:A:Url", "http://127.0.0.1:5080"));
        Assert.Throws<RefusedSettingException>(() => Guard("Development", ("urls", "http://127.0.0.1:5080"), ("Kestrel:Endpoints:A:Url", "http://0.0.0.0:5080")));
    }

    [Theory]
    [InlineData("urls", "http://127.0.0.1:5080")]
    [InlineData("urls", "http://localhost:5080")]
    [InlineData("urls", "http://LOCALHOST:5080")]
    [InlineData("urls", "http://[::1]:5080")]
    [InlineData("urls", "http://127.0.0.1:5080;https://localhost:5443")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:5080")]
    public void Guard_personas_in_development_on_loopback_are_allowed(string setting, string value) => Guard("Development", (setting, value));

    [Fact]
    public void Guard_without_any_address_kestrel_listens_on_loopback() => Guard("Development");

    [Fact]
    public void Guard_personas_off_are_allowed_anywhere() =>
        Personas.Guard(Settings([("SignIn:Personas", "false"), ("urls", "http://0.0.0.0:80")]), new NamedEnvironment("Production"));

    static void Guard(string environment, params (string, string)[] settings) =>
        Personas.Guard(Settings([("SignIn:Personas", "true"), .. settings]), new NamedEnvironment(environment));

    static IConfiguration Settings((string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
        .Build();
}
