using Portal.Dispatch;
using Portal.FaultTests.Support;

namespace Portal.FaultTests.Faults;

/// <summary>The process dies, at a named point or while its calls are on the wire.</summary>
static class Deaths
{
    const int Killed = 128 + 9;

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("F1", "killed before the intent is committed", Ground.Own, trial => DieAtAsync(trial, Checkpoint.IntentNotCommitted)),
        new("F2", "killed after the approval, before the claim", Ground.Own, DieBeforeClaimAsync),
        new("F3", "killed after the claim", Ground.Own, trial => DieAtAsync(trial, Checkpoint.Claimed)),
        new("F4", "killed after the intent, before the socket", Ground.Own, trial => DieAtAsync(trial, Checkpoint.IntentWritten)),
        new("F5", "killed when the headers were sent", Ground.Own, trial => DieOnWireAsync(trial, WireFault.HoldHead)),
        new("F6", "killed when the body was sent", Ground.Own, trial => DieOnWireAsync(trial, WireFault.HoldCall)),
        new("F7", "killed as the answer arrives", Ground.Own, trial => DieOnWireAsync(trial, WireFault.HoldAnswer)),
        new("F8", "killed after the answer, before it is written", Ground.Own, trial => DieAtAsync(trial, Checkpoint.Answered)),
        new("F9", "killed in the commit of the answer", Ground.Own, trial => DieAtAsync(trial, Checkpoint.AnswerNotCommitted)),
        new("F10", "killed after the commit, before anybody is told", Ground.Own, trial => DieAtAsync(trial, Checkpoint.AnswerWritten)),
        new("F11", "killed while looking for proof", Ground.Own, trial =>
            DieAtAsync(trial, trial.Chance.Next(2) == 0 ? Checkpoint.Looked : Checkpoint.VerdictNotCommitted)),
        new("F14", "told to stop with 20 calls under way", Ground.Own, StopAsync),
    ];

    static async Task DieAtAsync(Trial trial, Checkpoint point)
    {
        await trial.ApproveAsync(images: 3 + trial.Chance.Next(4), mirrors: 1 + trial.Chance.Next(2));
        var doomed = trial.Place.Start(("Dispatch__DieAt", point.ToString()));
        await doomed.WhenEndedAsync();
        trial.Check(doomed.ExitCode == Killed, $"the node did not die at {point}: {doomed.Output}");
        await trial.TakeOverAsync();
    }

    static async Task DieBeforeClaimAsync(Trial trial)
    {
        var doomed = trial.Place.Start(("Dispatch__Enabled", "false"));
        await doomed.WhenReadyAsync();
        await trial.ApproveAsync(images: 3 + trial.Chance.Next(4), mirrors: 1);
        await doomed.KillAsync();
        await trial.TakeOverAsync();
    }

    static async Task DieOnWireAsync(Trial trial, WireFault fault)
    {
        var scripts = trial.Script(await trial.SubmitAsync(images: 3 + trial.Chance.Next(4), mirrors: 2), fault);
        // A long time-out: all of them are to be on the wire together when it happens.
        var doomed = trial.Place.Start(("Huawei__TimeoutSeconds", "20"));
        await doomed.WhenReadyAsync();
        await trial.ApproveAsync(trial.Asked);
        foreach (var script in scripts)
        {
            await script.Met;
        }

        // Its leases are as long as its time-out; the next node's own leases are short.
        await trial.Place.LeaseEndsAsync();
        if (fault == WireFault.HoldAnswer)
        {
            foreach (var script in scripts)
            {
                script.Release();
            }
        }

        await doomed.KillAsync();
        await trial.TakeOverAsync();
        foreach (var script in scripts)
        {
            // Some calls come about after the next node has begun to look, or long after.
            await trial.WaitAsync(TimeSpan.FromSeconds(1.5));
            script.Release();
        }

        foreach (var script in scripts)
        {
            await script.Over;
        }
    }

    static async Task StopAsync(Trial trial)
    {
        const int calls = 20;
        var node = trial.Place.Start(("Huawei__TimeoutSeconds", "20"), ("Dispatch__Concurrency", "32"));
        var scripts = trial.Script(await trial.SubmitAsync(images: calls - 4, mirrors: 4), WireFault.HoldAnswer);
        await node.WhenReadyAsync();
        await trial.ApproveAsync(trial.Asked);
        foreach (var script in scripts)
        {
            await script.Met;
        }

        await node.StopAsync();
        foreach (var script in scripts)
        {
            await trial.WaitAsync(TimeSpan.FromSeconds(0.2));
            script.Release();
        }

        await node.WhenEndedAsync();
        trial.Check(node.ExitCode == 0, $"the node ended with {node.ExitCode}: {node.Output}");
        var answered = await trial.Place.CountAsync(
            "select count(*) from portal.attempt where request_id = any($1) and purpose = 'Send' and result = 'Accepted'", trial.Ids);
        trial.Check(answered == calls, $"{answered} of {calls} answers were recorded before the node ended");
        var unknown = await trial.Place.CountAsync("select count(*) from portal.request_item where request_id = any($1) and unknowns > 0", trial.Ids);
        trial.Check(unknown == 0, $"{unknown} became unknown although the node had the time to wait");
        await trial.TakeOverAsync();
    }
}
