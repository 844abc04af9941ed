using System.Net;

namespace CloudSimulator;

/// <summary>Where the simulator listens. Its control API has no authentication, so another machine may reach it only when somebody said so.</summary>
static class ListenAddress
{
    const string Default = "http://127.0.0.1:6001";

    /// <summary>The addresses of <c>--urls</c> or <c>ASPNETCORE_URLS</c>, separated by semicolons.</summary>
    public static string Of(IConfiguration configuration) => configuration["urls"] is { Length: > 0 } urls ? urls : Default;

    /// <summary>The sentence to end with, or null when the simulator may start.</summary>
    public static string? Refusal(IConfiguration configuration, bool allowAnyAddress)
    {
        if (allowAnyAddress)
            return null;
        // Kestrel:Endpoints would replace the urls that are checked below.
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            return "The cloud simulator takes its address from --urls only; remove Kestrel:Endpoints or start with --allow-any-address.";
        var open = Of(configuration).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(url => !IsLoopback(url));
        return open is null ? null : $"The cloud simulator has no authentication on its control API and listens on loopback only; {open} needs --allow-any-address.";
    }

    static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));
}
