using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Portal.Shell;

/// <summary>How events stand on the console: one line each, whatever is in them. <c>Logging:Console:FormatterName</c> chooses.</summary>
public static class LogFormatters
{
    /// <summary>For people: <c>warn: Portal.Live.ChangeFeed[0] Listening was interrupted</c>.</summary>
    public const string Lines = "lines";

    /// <summary>For programs: a JSON object with the message, its values by name, and the exception.</summary>
    public const string JsonLines = "json-lines";

    /// <summary>Adds both.</summary>
    public static void AddLogFormatters(this ILoggingBuilder logging) => logging
        .AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>()
        .AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();

    /// <summary>What an event says, or null when it says nothing.</summary>
    internal static string? MessageOf<TState>(in LogEntry<TState> entry) => entry.Formatter?.Invoke(entry.State, entry.Exception) is { Length: > 0 } message
        ? message
        : entry.Exception?.GetType().Name;
}

/// <summary>See <see cref="LogFormatters.Lines"/>. The first word is the level, as the framework's own formatter writes it.</summary>
public sealed class LineFormatter() : ConsoleFormatter(LogFormatters.Lines)
{
    /// <inheritdoc />
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (LogFormatters.MessageOf(logEntry) is not { } message)
        {
            return;
        }

        // The values stand inside the message, so that it is the message that has a limit here.
        var line = new StringBuilder()
            .Append(Word(logEntry.LogLevel)).Append(": ")
            .Append(LogText.Escape(logEntry.Category))
            .Append(CultureInfo.InvariantCulture, $"[{logEntry.EventId.Id}] ")
            .Append(LogText.Escape(message, LogText.Longest));
        if (logEntry.Exception is { } fault)
        {
            line.Append(" | ").Append(LogText.Escape(fault.ToString(), LogText.LongestFault));
        }

        // One write, so that the lines of two threads do not mix.
        textWriter.Write(line.Append('\n').ToString());
    }

    static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}

/// <summary>See <see cref="LogFormatters.JsonLines"/>. All that is not ASCII is escaped, so that no reader can take it for anything else.</summary>
public sealed class JsonLineFormatter(TimeProvider time) : ConsoleFormatter(LogFormatters.JsonLines)
{
    /// <inheritdoc />
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (LogFormatters.MessageOf(logEntry) is not { } message)
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow().UtcDateTime);
            json.WriteString("level", logEntry.LogLevel.ToString());
            json.WriteString("category", logEntry.Category);
            json.WriteNumber("event", logEntry.EventId.Id);
            json.WriteString("message", LogText.Cut(message, LogText.Longest));
            if (logEntry.Exception is { } fault)
            {
                json.WriteString("exception", LogText.Cut(fault.ToString(), LogText.LongestFault));
            }

            if (logEntry.State is IReadOnlyCollection<KeyValuePair<string, object?>> { Count: > 0 } values)
            {
                json.WriteStartObject("values");
                foreach (var (name, value) in values)
                {
                    json.WriteString(LogText.Cut(name, LogText.Longest), LogText.Cut(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", LogText.Longest));
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        textWriter.Write(Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n");
    }
}
