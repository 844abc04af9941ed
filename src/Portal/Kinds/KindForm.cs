using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;

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

    /// <summary>The text in a field, as typed.</summary>
    protected string TextOf(string field) => Input[field]?.ToString() ?? "";

    /// <summary>The flag in a field.</summary>
    protected bool FlagOf(string field) => Input[field] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    /// <summary>The problem at a field, or null.</summary>
    protected FieldProblem? ProblemOf(string field) => Problems.FirstOrDefault(problem => problem.Field == field);

    /// <summary>Keeps what was typed and tells it.</summary>
    protected Task SetAsync(string field, JsonNode? value)
    {
        Input[field] = value;
        return Changed.InvokeAsync(field);
    }
}
