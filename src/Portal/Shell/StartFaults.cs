using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Portal.Shell;

/// <summary>
/// What the log says of a start that fails. A setting that is refused is a matter of the settings, so its sentence stands there alone, one
/// line for each; anything else keeps its stack trace.
/// </summary>
public static partial class StartFaults
{
    const string Binder = "Microsoft.Extensions.Configuration.Binder";

    /// <summary>What writes a fault of the start itself, with a stack trace, before this class sees it.</summary>
    const string Host = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>Lets a fault of the start be said here only.</summary>
    public static void SayFaultsOfTheStartOnce(this ILoggingBuilder logging) =>
        logging.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(services => new ConfigureOptions<LoggerFilterOptions>(filters =>
        {
            // Asked for when something is to be logged, because the lifetime itself has a logger.
            bool HasStarted() => services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested;
            filters.AddFilter(Host, level => level < LogLevel.Error || HasStarted());
        }));

    /// <summary>Writes the sentences as critical lines, as the portal's own log would, and gives the exit code.</summary>
    public static int Say(IConfiguration configuration, Exception fault)
    {
        using var logs = LoggerFactory.Create(logging =>
        {
            logging.Services.AddSingleton(TimeProvider.System);
            logging.AddConfiguration(configuration.GetSection("Logging")).AddConsole().AddLogFormatters();
        });
        var log = logs.CreateLogger(typeof(StartFaults).FullName!);
        var sentences = SentencesOf(fault);
        foreach (var sentence in sentences)
        {
            log.LogCritical("{Problem}", sentence);
        }

        if (sentences.Count == 0)
        {
            log.LogCritical(fault, "The portal could not start");
        }

        return 1;
    }

    /// <summary>What whoever starts the portal has to know, a sentence for each setting that is refused; none when it is something else that went wrong.</summary>
    public static IReadOnlyList<string> SentencesOf(Exception fault) => fault switch
    {
        RefusedSettingException => [fault.Message],
        OptionsValidationException refused => [.. refused.Failures],
        AggregateException several => several.InnerExceptions.Select(SentencesOf).ToList() is var all && all.All(one => one.Count > 0) ? [.. all.SelectMany(one => one)] : [],
        InvalidOperationException { Source: Binder } => NotConverted().Match(fault.Message) is { Success: true } match
            ? [Sentence(match.Groups["setting"].Value, match.Groups["value"].Value, match.Groups["type"].Value)]
            : [],
        IOException { InnerException: AddressInUseException } => [$"{fault.Message} Choose another port with ASPNETCORE_URLS, or end what listens there."],
        SocketException { SocketErrorCode: SocketError.AccessDenied or SocketError.AddressNotAvailable } =>
            [$"The portal cannot listen where ASPNETCORE_URLS says: {fault.Message}."],
        _ => [],
    };

    // The value is shown only where the type has few: nobody's password is one of them.
    static string Sentence(string setting, string value, string type) => typeof(StartFaults).Assembly.GetType(type) is { IsEnum: true } choices
        ? $"{setting} is '{value}'; it must be one of {string.Join(", ", Enum.GetNames(choices))}."
        : type switch
        {
            "System.Boolean" => $"{setting} is '{value}'; it must be true or false.",
            "System.Int32" => $"{setting} is '{value}'; it must be a whole number.",
            "System.Double" => $"{setting} is '{value}'; it must be a number.",
            _ => $"{setting} cannot be read.",
        };

    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<setting>[^']*)' to type '(?<type>[^']*)'\\.$", RegexOptions.Singleline)]
    private static partial Regex NotConverted();
}
