using Portal.Requests;

namespace Portal.Dispatch;

/// <summary>Whoever asked for a call does not say what became of it.</summary>
public sealed record RequesterMayNotSettle : Refusal;

/// <summary>The item does not wait for a person (any more).</summary>
public sealed record NotOnDesk(ItemState Now) : Refusal
{
    /// <inheritdoc />
    public override object[] Arguments => [new Word("ItemState." + Now)];
}

/// <summary>Somebody proposed something for this item already: agree or disagree first.</summary>
public sealed record ProposalIsOpen : Refusal;

/// <summary>The second person must be another than the first.</summary>
public sealed record NeedsAnotherPerson : Refusal;

/// <summary>It was never sent, so there is nothing to look for.</summary>
public sealed record NeverSent : Refusal;

/// <summary>No item was ever sent, or waits to be sent, to a service and region of that name.</summary>
public sealed record LaneNotFound : Refusal;
