namespace Portal.FaultTests.Support;

/// <summary>What came of a fault's trials, counted in items.</summary>
public sealed record Tally(int Runs, int Items, int Lost, int Undetected, int Flagged, int Settled, int OnDesk, IReadOnlyList<string> Problems)
{
    public static Tally None { get; } = new(0, 0, 0, 0, 0, 0, 0, []);

    /// <summary>Nothing lost, nothing done twice unnoticed, no rule broken.</summary>
    public bool IsClean => Lost == 0 && Undetected == 0 && Problems.Count == 0;

    public static Tally operator +(Tally left, Tally right) => new(
        left.Runs + right.Runs, left.Items + right.Items, left.Lost + right.Lost, left.Undetected + right.Undetected, left.Flagged + right.Flagged,
        left.Settled + right.Settled, left.OnDesk + right.OnDesk, [.. left.Problems, .. right.Problems]);
}

/// <summary>Compares what the portal says with what the cloud counted. Believes neither logs nor answers.</summary>
public static class Judge
{
    const string Items =
        """
        select i.request_id, i.state, i.proved, i.maybe_twice, i.unknowns, i.due_at is null, r.state, r.event_count,
          (select count(*) from portal.attempt a where a.item_id = i.id and a.purpose = 'Send'),
          (select count(*) from portal.attempt a where a.item_id = i.id and a.purpose = 'Send' and not exists (
             select from audit.event e where e.request_id = i.request_id and e.kind = 'dispatch.recorded'
               and e.doc #>> '{facts,attempt}' = a.id::text and not exists (
                 select from audit.event answer where answer.request_id = e.request_id and answer.kind <> e.kind
                   and answer.doc #>> '{facts,attempt}' = a.id::text and answer.seq < e.seq))),
          (select count(*) from audit.event e where e.request_id = i.request_id),
          (select coalesce(max(e.seq), 0) from audit.event e where e.request_id = i.request_id),
          i.note
        from portal.request_item i join portal.request r on r.id = i.request_id
        where i.request_id = any($1)
        """;

    /// <summary>The verdict on one trial, after it has settled.</summary>
    public static async Task<Tally> OfAsync(Trial trial)
    {
        var effects = await trial.Cloud.EffectsAsync();
        var rows = (await trial.Place.RowsAsync(Items, trial.Ids)).ToLookup(row => (Guid)row[0]!, Item.Of);
        var tally = Tally.None with { Runs = 1, Problems = trial.Problems };
        foreach (var wish in trial.Asked)
        {
            foreach (var item in rows[wish.Request])
            {
                tally += Of(wish, item, effects.GetValueOrDefault(wish.Wish.Target), trial.Wire.WritesWith(wish.Word));
            }
        }

        return tally;
    }

    static Tally Of(Asked wish, Item item, int effects, int writes)
    {
        List<string> problems = [];
        void Check(bool isSo, string what)
        {
            if (!isSo)
            {
                problems.Add($"{wish.Wish.Target}: {what}; {item}, {effects} effects, {writes} calls.");
            }
        }

        Check(item.Sends == 0 || item.WithoutIntent == 0, "an attempt has no intent in the trail before it");
        Check(writes <= item.Sends, "more calls left the portal than were written down");
        Check(item.Events == item.LastSeq && item.Events == item.EventCount, "the trail has a hole");
        var undetected = effects > 1 && !item.MaybeTwice;
        Check(!undetected, "it happened twice and nobody noticed");
        if (wish.Fate == Fate.NeverSent)
        {
            Check(effects == 0 && item.Sends == 0, "it was sent although nobody agreed to it any more");
            return Tally.None with { Items = 1, Undetected = undetected ? 1 : 0, Problems = problems };
        }

        var lost = item switch
        {
            { OnDesk: true } => null,
            { State: "Done" or "AlreadyThere" } when effects == 0 => "it is said to be done and never happened",
            { State: "Done" or "AlreadyThere" } => null,
            { State: "Failed" } when effects > 0 => "it is said to have failed and happened",
            { State: "Failed" } => null,
            _ => "it was approved and nobody does anything about it",
        };
        Check(lost is null, lost ?? "");
        return Tally.None with
        {
            Items = 1,
            Lost = lost is null ? 0 : 1,
            Undetected = undetected ? 1 : 0,
            Flagged = effects > 1 && item.MaybeTwice ? 1 : 0,
            Settled = item is { Unknowns: > 0, OnDesk: false } && lost is null ? 1 : 0,
            OnDesk = item.OnDesk ? 1 : 0,
            Problems = problems,
        };
    }

    sealed record Item(
        string State, string Proved, bool MaybeTwice, int Unknowns, bool NotDue, string RequestState, long EventCount, long Sends, long WithoutIntent,
        long Events, long LastSeq, string? Note)
    {
        public bool OnDesk => State == "Parked" || (State == "Unknown" && NotDue);

        public static Item Of(object?[] row) => new(
            (string)row[1]!, (string)row[2]!, (bool)row[3]!, (int)row[4]!, (bool)row[5]!, (string)row[6]!, (int)row[7]!, (long)row[8]!, (long)row[9]!,
            (long)row[10]!, (int)row[11]!, (string?)row[12]);
    }
}
