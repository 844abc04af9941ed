using Microsoft.Extensions.Localization;
using Portal.Kinds;

namespace Portal.Requests;

/// <summary>No request of that id that the person may see.</summary>
public sealed record RequestNotFound : Refusal;

/// <summary>No kind of that name.</summary>
public sealed record KindNotFound : Refusal;

/// <summary>Fields that are not as they must be.</summary>
public sealed record InputInvalid(IReadOnlyList<FieldProblem> Problems) : Refusal
{
    /// <inheritdoc />
    public override IReadOnlyList<string> Sentences(IStringLocalizer words) => [.. Problems.Select(problem => words[problem.WordKey, problem.Arguments].Value)];
}

/// <summary>A check says that the wish cannot work.</summary>
public sealed record BlockedByCheck(IReadOnlyList<Finding> Findings) : Refusal;

/// <summary>An open request asks for the same already.</summary>
public sealed record AlreadyAsked(Guid Id, long Number) : Refusal
{
    /// <inheritdoc />
    public override object[] Arguments => [Number];
}

/// <summary>Only who asked may take a request back.</summary>
public sealed record OnlyRequesterMayWithdraw : Refusal;

/// <summary>The request has moved on; what was asked for no longer fits its state.</summary>
public sealed record StateChanged(RequestState Now) : Refusal;

/// <summary>Nothing goes together with this wish, or no longer.</summary>
public sealed record NoCompanion : Refusal;

/// <summary>It was submitted together with another request, which decides for both.</summary>
public sealed record BelongsToPair(long Number) : Refusal
{
    /// <inheritdoc />
    public override object[] Arguments => [Number];
}

/// <summary>The approval no longer holds: it has to be asked for anew.</summary>
public sealed record ApprovalOver : Refusal;

/// <summary>Nothing is sent there for the time being; a password would wait for longer than it is kept.</summary>
public sealed record SendingIsPaused : Refusal;

/// <summary>No item is in a state that this could change.</summary>
public sealed record NothingToDo : Refusal;
