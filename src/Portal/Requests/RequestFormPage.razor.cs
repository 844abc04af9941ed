using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Kinds;

namespace Portal.Requests;

/// <summary>
/// The form around a kind's own fields: reason, checks, preview, submit. Problems show at a field once it was touched, and at all
/// fields after a check or a submit; what was typed stays.
/// </summary>
public sealed partial class RequestFormPage
{
    readonly CancellationTokenSource closed = new();
    readonly CancellationToken left;
    readonly HashSet<string> touched = [];
    JsonObject input = [];
    string reason = "";
    LoginInput? login;
    IKind? kind;
    IReadOnlyList<FieldProblem> problems = [];
    IReadOnlyList<Finding>? findings;
    Preview? preview;
    Refusal? refusal;
    Doing doing;
    Actor? actor;
    bool roleTaken;
    bool checking;
    bool withCompanion;
    bool filled;
    string? filledFrom;
    Request? template;

    // Taken now: the page may be gone when something that it waited for comes, and its source with it.
    public RequestFormPage() => left = closed.Token;

    enum Doing
    {
        Nothing,
        Checking,
        Submitting,
    }

    /// <summary>Name of the kind, from the address.</summary>
    [Parameter] public string KindName { get; set; } = "";

    /// <summary>The request to fill the form in from, from the address; nothing else of it is taken over.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    [Inject] public required RequestReader Reader { get; init; }

    [Inject] public required KindList Kinds { get; init; }

    [Inject] public required RequestService Service { get; init; }

    [Inject] public required CurrentActor Current { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required IOptions<RequestsOptions> Options { get; init; }

    [Inject] public required IStringLocalizer<Words> Words { get; init; }

    bool busy => doing != Doing.Nothing;

    /// <inheritdoc />
    protected override async Task LoadAsync(CancellationToken token)
    {
        var now = await Current.GetAsync();
        // Who was let in keeps the form, with what was typed, also when the role is taken meanwhile.
        actor = actor?.May(Permission.SubmitRequests) == true ? actor : now;
        roleTaken = !now.May(Permission.SubmitRequests);
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        if (kind?.Name == KindName && filledFrom == From)
        {
            return;
        }

        kind = Kinds.Find(KindName);
        (input, reason, login, problems) = ([], "", null, []);
        Forget();
        touched.Clear();
        (filled, filledFrom, template) = (false, From, null);
        if (kind is not null && Guid.TryParse(From, out var id))
        {
            await FillInAsync(kind, id);
        }

        filled = true;
    }

    // A request that is not there, not theirs to see or of another kind leaves the form as empty as any.
    async Task FillInAsync(IKind of, Guid id)
    {
        var found = await Reader.FindAsync(id, await Current.GetAsync(), left);
        if (!found.IsDone || found.Value.Request.Kind != of.Name)
        {
            return;
        }

        template = found.Value.Request;
        reason = template.Reason;
        var payload = template.PayloadTree();
        // Whether a login was given says nothing of the new request: it has none until somebody types one.
        foreach (var field in of.Fields.Where(field => field != "loginGiven" && payload[field] is not null))
        {
            input[field] = payload[field]!.DeepClone();
        }
    }

    Dictionary<string, object> FormParameters() => new()
    {
        [nameof(KindForm.Input)] = input,
        [nameof(KindForm.Problems)] = problems,
        [nameof(KindForm.Passwords)] = Options.Value.MirrorPasswords,
        [nameof(KindForm.Changed)] = EventCallback.Factory.Create<string>(this, Touch),
        [nameof(KindForm.LoginChanged)] = EventCallback.Factory.Create<LoginInput?>(this, typed => login = typed),
    };

    void Touch(string field)
    {
        touched.Add(field);
        Forget();
        problems = [.. ProblemsNow().Where(problem => touched.Contains(problem.Field))];
    }

    void TypeReason(string text)
    {
        reason = text;
        if (refusal is not null || text.Length > FreeText.Longest)
        {
            touched.Add("reason");
        }

        problems = [.. ProblemsNow().Where(problem => touched.Contains(problem.Field))];
    }

    IEnumerable<FieldProblem> ProblemsNow()
    {
        // A field that is still empty is not wrong while somebody fills in the form; it is when they submit.
        var reading = kind!.Read((JsonObject)input.DeepClone()).Problems.Where(problem => problem.WordKey != "Field.Required");
        return FreeText.ProblemOf("reason", reason, required: false) is { } problem ? reading.Append(problem) : reading;
    }

    // What was found out is true of what was filled in then.
    void Forget() => (findings, preview, refusal, withCompanion) = (null, null, null, false);

    async Task CheckAsync()
    {
        if (busy)
        {
            return;
        }

        Forget();
        (doing, checking) = (Doing.Checking, true);
        try
        {
            var outcome = await Service.CheckAsync(kind!.Name, (JsonObject)input.DeepClone(), await Current.GetAsync(), left);
            if (outcome.IsDone)
            {
                (preview, findings) = (outcome.Value, outcome.Value.Findings);
                problems = [];
            }
            else
            {
                Show(outcome.Refusal!);
            }
        }
        finally
        {
            doing = Doing.Nothing;
        }
    }

    async Task SubmitAsync()
    {
        if (busy)
        {
            return;
        }

        refusal = null;
        (doing, checking) = (Doing.Submitting, false);
        try
        {
            var outcome = await Service.SubmitAsync(
                new SubmitInput(kind!.Name, (JsonObject)input.DeepClone(), reason, login, withCompanion), await Current.GetAsync(), left);
            if (outcome.IsDone)
            {
                Navigation.NavigateTo($"/requests/{outcome.Value.Id}");
            }
            else
            {
                Show(outcome.Refusal!);
            }
        }
        finally
        {
            doing = Doing.Nothing;
        }
    }

    void Show(Refusal reasonOfRefusal)
    {
        refusal = reasonOfRefusal;
        if (refusal is InputInvalid invalid)
        {
            problems = invalid.Problems;
            touched.UnionWith(problems.Select(problem => problem.Field));
        }
        else if (refusal is BlockedByCheck blocked)
        {
            findings = blocked.Findings;
        }
    }

    string? Say(string field) => FieldProblem.At(field, problems, Words);

    // A field that the form does not have can only come from elsewhere; it is shown by its own name.
    string LabelOf(string field) => Words["Label." + field] is { ResourceNotFound: false } label ? label : field;

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing && !left.IsCancellationRequested)
        {
            closed.Cancel();
            closed.Dispose();
        }

        base.Dispose(disposing);
    }
}
