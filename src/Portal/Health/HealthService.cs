using Portal.Access;
using Portal.Audit;

namespace Portal.Health;

/// <summary>Which part of this node, or of what it stands on, is ill.</summary>
public sealed class HealthService(IEnumerable<IHealthPart> parts, AuditTrail audit)
{
    /// <summary>True while this node can serve people: see <see cref="IHealthPart.IsNeeded"/>.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken token) =>
        (await LookAsync(parts.Where(part => part.IsNeeded), token)).All(part => part.IsWell);

    /// <summary>Every part, ill ones first. For people who may operate or administer.</summary>
    public async Task<Outcome<IReadOnlyList<PartState>>> PartsAsync(Actor actor, CancellationToken token)
    {
        if (!actor.May(Permission.Operate) && !actor.May(Permission.Administer))
        {
            await audit.RecordAloneAsync(actor, AuditKind.AccessDenied, new() { ["what"] = "health.parts" });
            return new NotAllowed(Permission.Operate);
        }

        return (await LookAsync(parts, token)).OrderBy(part => part.IsWell).ToList();
    }

    static async Task<IReadOnlyList<PartState>> LookAsync(IEnumerable<IHealthPart> parts, CancellationToken token) =>
        [.. (await Task.WhenAll(parts.Select(part => part.LookAsync(token)))).SelectMany(part => part)];
}
