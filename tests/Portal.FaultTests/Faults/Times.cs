using Portal.Access;
using Portal.FaultTests.Support;

namespace Portal.FaultTests.Faults;

/// <summary>Clocks are wrong, credentials and approvals run out, roles are taken away.</summary>
static class Times
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("F40", "the node's clock is an hour wrong, and jumps", Ground.OwnLogin, WrongClockAsync),
        new("F41", "summer time and leap day in schedules", Ground.Own, null, "nothing is scheduled by calendar yet: every wait is a length of time by the database's clock"),
        new("F46", "the token runs out in the middle of a batch", Ground.OwnLogin, ExpireTokenAsync),
        new("F47", "the approval runs out between claim and send", Ground.Own, ExpireApprovalAsync),
        new("F48", "the approver's role is taken away before the call", Ground.Own, TakeRoleAwayAsync),
    ];

    static async Task WrongClockAsync(Trial trial)
    {
        var clock = new JumpingClock(trial.Chance);
        // With a login, because the cloud refuses a signature with a wrong time.
        await trial.Place.WorkAsync(clock, Place.WithPassword);
        for (var round = 0; round < 3; round++)
        {
            foreach (var wish in await trial.SubmitAsync(images: 3, mirrors: 1))
            {
                if (trial.Chance.Next(2) == 0)
                {
                    await trial.Cloud.FaultAsync(trial.Chance.GetItems(["hang-before-effect", "hang-after-effect"], 1)[0], wish.Word, "POST");
                }

                await trial.ApproveAsync([wish]);
                clock.Jump();
            }
        }

        await trial.SettleAsync();
    }

    static async Task ExpireTokenAsync(Trial trial)
    {
        await trial.Place.WorkAsync(Place.WithPassword);
        var approving = trial.ApproveAsync(images: 24, mirrors: 4);
        while (!approving.IsCompleted)
        {
            await trial.Cloud.InvalidateTokensAsync();
            await trial.WaitAsync(TimeSpan.FromSeconds(0.3));
        }

        await approving;
        await trial.WhenAnyAsync("a call went out", "i.sends > 0");
        await trial.Cloud.InvalidateTokensAsync();
        await trial.SettleAsync();
    }

    // The approval's end cannot be changed, not even by the owner of the schema; a superuser stands in for the time that passes.
    static async Task ExpireApprovalAsync(Trial trial)
    {
        var wishes = await trial.ApproveAsync(images: 4, mirrors: 2, Fate.NeverSent);
        var doomed = trial.Place.Start(("Dispatch__DieAt", "Claimed"));
        await doomed.WhenEndedAsync();
        trial.Check(await trial.Place.CountAsync("select count(*) from portal.request_item where fence > 0") > 0, "nothing was claimed");
        await using (var command = trial.Place.Database.Superuser.CreateCommand(
            """
            begin; set local session_replication_role = replica;
            update portal.request set approved_until = clock_timestamp() - interval '1 s';
            update portal.request_item set lease_until = clock_timestamp() where lease_until is not null; commit
            """))
        {
            await command.ExecuteNonQueryAsync();
        }

        await trial.TakeOverAsync();
        await trial.SettleAsync();
        var expired = await trial.Place.CountAsync("select count(*) from portal.request where state = 'Expired' and id = any($1)", trial.Ids);
        trial.Check(expired == wishes.Count, $"{expired} of {wishes.Count} requests are Expired");
    }

    static async Task TakeRoleAwayAsync(Trial trial)
    {
        var lapsing = new Actor("test:lapsing", "Lee", [Role.Approver]);
        await trial.Place.Database.AppAsync("insert into portal.person (id, name, roles) values ($1, 'Lee', $2)", lapsing.Id, new[] { "Approver" });
        await trial.ApproveAsync(images: 3, mirrors: 1, Fate.NeverSent, lapsing);
        await trial.ApproveAsync(images: 3, mirrors: 1);
        await trial.Place.Database.AppAsync("update portal.person set roles = $2 where id = $1", lapsing.Id, new[] { "Requester" });
        await trial.TakeOverAsync();
    }
}

/// <summary>A clock that is wrong by up to an hour, and otherwise at every jump.</summary>
sealed class JumpingClock(Random chance) : TimeProvider
{
    long offset = TimeSpan.FromHours(-1).Ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref offset));

    public void Jump() => Interlocked.Exchange(ref offset, (long)(TimeSpan.FromHours(1).Ticks * ((2 * chance.NextDouble()) - 1)));
}
