namespace Portal.Shell;

/// <summary>What people type travels through the frameworks as well, and some of them would log it.</summary>
public static class TypedText
{
    // At Debug it logs every call of a page with its arguments: each key that is pressed in a password field.
    const string HubCalls = "Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher";

    /// <summary>Keeps it out of the log, whatever level the settings ask for.</summary>
    public static void KeepOutOfLogs(ILoggingBuilder logging) => logging.AddFilter(HubCalls, LogLevel.Information);
}
