using System.Net;
using Portal.Access;

namespace Portal.Audit;

/// <summary>
/// Asked first by whatever can be done too often, also inside open pages, where no request is to be seen. The first refusal within a
/// window is recorded, and no further one: a flood must not fill the trail.
/// </summary>
public sealed class RateGate(RateLimits limits, AuditTrail trail)
{
    /// <summary>Takes a permit for a person: null when they may go on. The portal's own work is never limited.</summary>
    public async Task<TooOften?> WhyNotAsync(RateLimit limit, Actor actor) =>
        actor.Id == Actor.System.Id ? null : await RecordAsync(limits.Take(limit, RateLimits.KeyOf(actor)), actor);

    /// <summary>Takes a permit for an address from which somebody comes who is not signed in.</summary>
    public Task<TooOften?> WhyNotAsync(RateLimit limit, IPAddress? address) =>
        RecordAsync(limits.Take(limit, RateLimits.KeyOf(address)), Actor.Unknown(address?.ToString()));

    async Task<TooOften?> RecordAsync(TooOften? refusal, Actor actor)
    {
        if (refusal is { IsFirst: true, Limit: var limit })
        {
            await trail.RecordAloneAsync(actor, AuditKind.AccessLimited, new() { ["limit"] = limit.Name, ["permits"] = limit.Permits, ["seconds"] = limit.Seconds });
        }

        return refusal;
    }
}
