using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Audit;
using Portal.Huawei;
using Portal.Kinds;
using Portal.Requests;

namespace Portal.Approvals;

/// <summary>Shows an approver exactly what would be sent, and takes the decision on exactly that.</summary>
public sealed partial class ReviewPage
{
    Actor? reader;
    Request? shown;
    Request? pair;
    IReadOnlyList<string> risks = [];
    IReadOnlyList<Finding> findings = [];
    IReadOnlyList<Finding> pairFindings = [];
    IReadOnlyList<Decision> decisions = [];
    CloudCall? call;
    Refusal? whyNot;
    Refusal? refusal;
    string comment = "";
    string? commentError;
    bool notFound;
    bool checkedNow;
    bool busy;

    /// <summary>The request, from the address.</summary>
    [Parameter] public Guid Id { get; set; }

    [Inject] public required CurrentActor Current { get; init; }

    [Inject] public required RequestReader Reader { get; init; }

    [Inject] public required ApprovalService Approvals { get; init; }

    [Inject] public required RateGate Limits { get; init; }

    [Inject] public required KindList Kinds { get; init; }

    [Inject] public required IStringLocalizer<Words> Words { get; init; }

    /// <inheritdoc />
    protected override Guid? Watched => Id;

    /// <inheritdoc />
    protected override async Task LoadAsync(CancellationToken token)
    {
        var actor = reader = await Current.GetAsync();
        var outcome = await Reader.FindAsync(Id, actor, token);
        notFound = !outcome.IsDone;
        if (notFound)
        {
            return;
        }

        var request = outcome.Value.Request;
        pair = outcome.Value.Pair;
        decisions = await Approvals.DecisionsAsync(Id, actor, token);
        whyNot = SeatRules.WhyNot(request, decisions, actor);
        var kind = Kinds[request.Kind];
        var payload = request.PayloadTree();
        call = kind.PreviewFor(payload);
        // Who decides on the first decides on both.
        var second = request.PairedWith is null ? pair : null;
        risks = [.. kind.RisksOf(payload).Concat(second is null ? [] : Kinds[second.Kind].RisksOf(second.PayloadTree())).Distinct()];
        if (!checkedNow)
        {
            findings = Finding.Parse(request.Findings);
            pairFindings = second is null ? [] : Finding.Parse(second.Findings);
        }

        shown = request;
    }

    async Task CheckAgainAsync()
    {
        await BusyAsync(async () =>
        {
            var actor = await Current.GetAsync();
            // The cloud is asked only for people who may still see what it is asked about.
            if (!(await Reader.FindAsync(Id, actor, CancellationToken.None)).IsDone)
            {
                await ReloadAsync();
                return;
            }

            refusal = await Limits.WhyNotAsync(RateLimit.Check, actor);
            if (refusal is not null)
            {
                return;
            }

            findings = (await Kinds[shown!.Kind].CheckAsync(shown.PayloadTree(), CancellationToken.None)).Findings;
            if (pair is not null && shown.PairedWith is null)
            {
                pairFindings = (await Kinds[pair.Kind].CheckAsync(pair.PayloadTree(), CancellationToken.None)).Findings;
            }

            checkedNow = true;
        });
    }

    Task DecideAsync(Verdict verdict) => BusyAsync(async () =>
    {
        var actor = await Current.GetAsync();
        // The hash of what this page showed, not of what the table holds by now.
        var outcome = verdict == Verdict.Approved
            ? await Approvals.ApproveAsync(Id, shown!.PayloadHash, comment, actor, CancellationToken.None)
            : await Approvals.DenyAsync(Id, shown!.PayloadHash, comment, actor, CancellationToken.None);
        commentError = outcome.Refusal is InputInvalid invalid ? FieldProblem.At("comment", invalid.Problems, Words) : null;
        refusal = outcome.Refusal is InputInvalid ? null : outcome.Refusal;
        await ReloadAsync();
    });

    async Task BusyAsync(Func<Task> action)
    {
        if (busy)
        {
            return;
        }

        busy = true;
        try
        {
            await action();
        }
        finally
        {
            busy = false;
        }
    }
}
