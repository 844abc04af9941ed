using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Database;
using Portal.Telemetry;

namespace Portal.Audit;

/// <summary>Writes audit rows, in the same transaction as the change they tell of: no row, no change.</summary>
public sealed class AuditTrail(IDbContextFactory<PortalDb> databases)
{
    // Its own limit: somebody who hangs up must not be able to cancel the record of what they did.
    static readonly TimeSpan AloneWithin = TimeSpan.FromSeconds(10);

    /// <summary>Adds a row about a request to a unit of work; the caller saves it together with the change.</summary>
    /// <param name="db">The context that will save.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="kind">One of <see cref="AuditKind"/>.</param>
    /// <param name="request">The request, or null.</param>
    /// <param name="seq">Place within the request, from 1; null without a request.</param>
    /// <param name="facts">What there is to know. Never a secret. Numbers must be whole.</param>
    public static void Record(PortalDb db, Actor actor, string kind, Guid? request, int? seq, JsonObject facts)
    {
        var id = Guid.CreateVersion7();
        db.NewEvents.Add(kind);
        if (kind == AuditKind.AccessDenied)
        {
            Measures.CountRefusal(facts["what"]?.GetValue<string>() ?? "other");
        }

        var roles = new JsonArray([.. actor.Roles.Select(role => (JsonNode)role.ToString())]);
        var document = new JsonObject
        {
            ["v"] = 1,
            ["id"] = id.ToString(),
            ["kind"] = kind,
            ["actor"] = new JsonObject { ["id"] = actor.Id, ["name"] = actor.Name, ["roles"] = roles, ["address"] = actor.Address },
            ["request"] = request?.ToString(),
            ["seq"] = seq,
            ["node"] = TelemetryFeature.NodeName,
            ["facts"] = facts,
        };
        db.Events.Add(new AuditEvent
        {
            Id = id,
            Kind = kind,
            ActorId = actor.Id,
            ActorName = actor.Name,
            RequestId = request,
            Seq = seq,
            Node = TelemetryFeature.NodeName,
            Raw = CanonicalJson.Write(document),
            Doc = CanonicalJson.ToText(document),
        });
    }

    /// <summary>Writes a row that belongs to no other change, such as a sign-in or a refusal.</summary>
    public async Task RecordAloneAsync(Actor actor, string kind, JsonObject facts)
    {
        using var limit = new CancellationTokenSource(AloneWithin);
        try
        {
            await using var db = await databases.CreateDbContextAsync(limit.Token);
            Record(db, actor, kind, null, null, facts);
            await db.SaveChangesAsync(limit.Token);
        }
        catch
        {
            Measures.CountLostEvent(kind);
            throw;
        }
    }
}
