using System.Diagnostics;
using Npgsql;
using Portal.Access;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.FaultTests.Support;

/// <summary>What the item of a request must come to.</summary>
public enum Fate
{
    /// <summary>It was approved: it happens once and the portal knows, or it is known not to have happened, or a person has it on the desk.</summary>
    Settled,

    /// <summary>Nobody agreed to it, or not any more: it is not sent.</summary>
    NeverSent,
}

/// <summary>Something that was asked for, and the word that only paths of its calls hold.</summary>
public sealed record Asked(Guid Request, Wish Wish, string Word, Fate Fate)
{
    /// <summary>The call changes a mirror: sent twice, it happens twice.</summary>
    public bool IsMirror => Wish.Kind == "sync-mirror";
}

/// <summary>One run of one fault: what was asked for, and what was noticed on the way. Everything by chance comes from its seed.</summary>
public sealed class Trial(Stage stage, Place place, int seed)
{
    readonly List<Asked> asked = [];
    readonly List<string> problems = [];

    public Random Chance { get; } = new(seed);

    public Stage Stage => stage;

    public Place Place => place;

    public Wire Wire => place.Wire;

    public SimulatorProcess Cloud => stage.Cloud;

    public PortalHost Desk => place.Desk;

    /// <summary>What was asked for.</summary>
    public IReadOnlyList<Asked> Asked => asked;

    /// <summary>What went wrong besides the effects.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Notes a problem unless it is so.</summary>
    public void Check(bool isSo, string what)
    {
        if (!isSo)
        {
            problems.Add(what);
        }
    }

    /// <summary>Asks for so many copies of images and syncs of mirrors. Nobody has decided yet.</summary>
    public async Task<IReadOnlyList<Asked>> SubmitAsync(int images, int mirrors, Fate fate = Fate.Settled)
    {
        List<Asked> added = [];
        foreach (var (wish, word) in Enumerable.Range(0, images).Select(_ => stage.NextImage()).Concat(Enumerable.Range(0, mirrors).Select(_ => stage.NextMirror())))
        {
            var outcome = await Desk.Requests.SubmitAsync(new SubmitInput(wish.Kind, wish.Payload, Given.Reason), Given.Developer, CancellationToken.None);
            added.Add(outcome.IsDone
                ? new Asked(outcome.Value.Id, wish, word, fate)
                : throw new InvalidOperationException($"{wish.Target} was not submitted: {outcome.Refusal}"));
        }

        asked.AddRange(added);
        return added;
    }

    /// <summary>Asks for so many copies of images and syncs of mirrors, and somebody else agrees.</summary>
    public async Task<IReadOnlyList<Asked>> ApproveAsync(int images, int mirrors, Fate fate = Fate.Settled, Actor? approver = null)
    {
        var submitted = await SubmitAsync(images, mirrors, fate);
        await ApproveAsync(submitted, approver);
        return submitted;
    }

    /// <summary>Somebody agrees to all of them.</summary>
    public async Task ApproveAsync(IEnumerable<Asked> submitted, Actor? approver = null)
    {
        foreach (var wish in submitted)
        {
            var outcome = await DecideAsync(wish, approver ?? Given.SecondApprover);
            Check(outcome.IsDone, $"{wish.Wish.Target} was not approved: {outcome.Refusal}");
        }
    }

    /// <summary>Somebody agrees, or finds that they cannot.</summary>
    public async Task<Outcome<Request>> DecideAsync(Asked wish, Actor approver)
    {
        var request = await Desk.RequestAsync(wish.Request);
        return await Desk.Approvals.ApproveAsync(wish.Request, request.PayloadHash, "Agreed", approver, CancellationToken.None);
    }

    /// <summary>What was asked for turns out never to have been agreed to.</summary>
    public void WillNeverBeSent(Asked wish) => asked[asked.IndexOf(wish)] = wish with { Fate = Fate.NeverSent };

    /// <summary>Puts the same fault in the way of the first call of each.</summary>
    public IReadOnlyList<WireScript> Script(IEnumerable<Asked> wishes, WireFault fault) => [.. wishes.Select(wish => Wire.Script(wish.Word, fault))];

    /// <summary>Waits up to so long, by chance.</summary>
    public Task WaitAsync(TimeSpan atMost) => Task.Delay(atMost * Chance.NextDouble());

    /// <summary>A node that stays whole: in this process, or for a soak a process of its own like any other.</summary>
    public async Task TakeOverAsync()
    {
        if (stage.AllProcesses)
        {
            place.Start();
        }
        else
        {
            await place.WorkAsync();
        }
    }

    /// <summary>The requests of this trial, for SQL.</summary>
    public Guid[] Ids => [.. asked.Select(wish => wish.Request)];

    /// <summary>Returns when a condition on the items (<c>i</c>) holds for all of them.</summary>
    public Task WhenAllAsync(string what, string condition) => place.WhenAsync(
        what, $"select count(*) filter (where not ({condition})) = 0 from portal.request_item i where i.request_id = any($1)", Ids);

    /// <summary>Returns when a condition on the items (<c>i</c>) holds for one of them.</summary>
    public Task WhenAnyAsync(string what, string condition) => place.WhenAsync(
        what, $"select count(*) filter (where {condition}) > 0 from portal.request_item i where i.request_id = any($1)", Ids);

    /// <summary>Waits until nothing of this trial is under way by itself any more; after long enough the judge sees what is left.</summary>
    public async Task SettleAsync(TimeSpan? patience = null)
    {
        for (var waiting = Stopwatch.StartNew(); waiting.Elapsed < (patience ?? PortalNode.Patience); await Task.Delay(200))
        {
            try
            {
                await place.HurryAsync();
                if (await place.CountAsync(
                    """
                    select count(*) from portal.request_item i join portal.request r on r.id = i.request_id
                    where i.request_id = any($1) and r.state in ('Approved', 'InProgress', 'OutcomeUnknown')
                      and (i.state in ('Queued', 'Sending', 'Observing') or (i.state = 'Unknown' and i.due_at is not null))
                    """,
                    Ids) == 0)
                {
                    return;
                }
            }
            catch (NpgsqlException)
            {
                // The server may be away for a while: that is some faults' point.
            }
        }
    }
}
