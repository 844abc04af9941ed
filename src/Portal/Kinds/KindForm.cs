using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Controls;
using Portal.Huawei;

namespace Portal.Kinds;

/// <summary>
/// A kind's part of the request form: shows its fields, tells every change, shows the problems it is given. What surrounds it
/// (reason, checks, preview, submit) belongs to the form page.
/// </summary>
public abstract class KindForm : ComponentBase
{
    /// <summary>What is filled in so far, also while it is not valid: nothing typed is lost.</summary>
    [Parameter, EditorRequired] public required JsonObject Input { get; set; }

    /// <summary>Problems to show at their fields.</summary>
    [Parameter] public IReadOnlyList<FieldProblem> Problems { get; set; } = [];

    /// <summary>Called after each change of <see cref="Input"/>, with the name of the field.</summary>
    [Parameter] public EventCallback<string> Changed { get; set; }

    /// <summary>Called with a user name and password, or null when they were emptied; only kinds that can take them call it.</summary>
    [Parameter] public EventCallback<LoginInput?> LoginChanged { get; set; }

    /// <summary>Whether a user name and password may be typed here, or later.</summary>
    [Parameter] public MirrorPasswords Passwords { get; set; }

    [Inject] public required IStringLocalizer<Words> Words { get; init; }

    [Inject] public required LookupLimit Lookups { get; init; }

    /// <summary>The text in a field, as typed.</summary>
    protected string TextOf(string field) => Input[field]?.ToString() ?? "";

    /// <summary>The flag in a field.</summary>
    protected bool FlagOf(string field) => Input[field] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    /// <summary>What is wrong at a field, in words, or null.</summary>
    protected string? Say(string field) => FieldProblem.At(field, Problems, Words);

    /// <summary>Asks for a list from the cloud. Throws <see cref="NoSuggestionsException"/>, which the box shows, when this person asks too often.</summary>
    protected async Task<Listing<T>> AskAsync<T>(Func<Task<Listing<T>>> list) => await Lookups.WhyNotAsync() is { } refusal
        ? throw new NoSuggestionsException(Words[refusal.WordKey, refusal.Arguments])
        : await list();

    /// <summary>The objects of a list whose value or detail holds what was typed. A list that could not be had is a fault: the box then says so.</summary>
    protected static IReadOnlyList<Choice> Matching<T>(Listing<T> listing, string typed, Func<T, string> value, Func<T, string?> detail)
    {
        if (listing.Items.Count == 0 && listing.Problem is { } problem)
        {
            throw new InvalidOperationException($"The list could not be had: {problem}");
        }

        return [.. listing.Items
            .Select(item => new Choice(value(item), Detail: detail(item)))
            .Where(choice => choice.Value.Contains(typed, StringComparison.OrdinalIgnoreCase)
                || choice.Detail?.Contains(typed, StringComparison.OrdinalIgnoreCase) == true)
            .Take(50)];
    }

    /// <summary>Keeps what was typed and tells it.</summary>
    protected Task SetAsync(string field, JsonNode? value)
    {
        Input[field] = value;
        return Changed.InvokeAsync(field);
    }
}
