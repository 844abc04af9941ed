namespace Portal;

/// <summary>
/// A setting keeps the portal from starting. The message is all that whoever runs it needs: it names the setting and says what to do, and
/// never shows a secret. At the start it is printed without a stack trace.
/// </summary>
public sealed class RefusedSettingException(string message, Exception? inner = null) : InvalidOperationException(message, inner);
