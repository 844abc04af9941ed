namespace Portal.Controls;

/// <summary>There are no suggestions now, for a reason that a person should read: a <see cref="ChoiceBox"/> shows the message in place of the list.</summary>
public sealed class NoSuggestionsException(string message) : Exception(message);
