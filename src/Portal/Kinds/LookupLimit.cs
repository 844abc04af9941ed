using Portal.Access;
using Portal.Audit;

namespace Portal.Kinds;

/// <summary>Keeps a person at a form from asking the cloud for lists without end: a list is asked for at every pause in typing.</summary>
public sealed class LookupLimit(CurrentActor current, RateGate limits)
{
    /// <summary>Takes a permit for the person of this page; null when the list may be asked for.</summary>
    public async Task<Refusal?> WhyNotAsync() => await limits.WhyNotAsync(RateLimit.Lookup, await current.GetAsync());
}
