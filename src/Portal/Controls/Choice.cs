namespace Portal.Controls;

/// <summary>One thing that can be chosen in a <see cref="SelectField"/> or a <see cref="ChoiceBox"/>.</summary>
/// <param name="Value">What is stored and sent.</param>
/// <param name="Text">What a select shows in its place; null shows the value.</param>
/// <param name="Detail">A second, quieter line in a choice box: "214 tags", "already has a rule".</param>
public sealed record Choice(string Value, string? Text = null, string? Detail = null);
