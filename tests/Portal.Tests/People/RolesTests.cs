using Npgsql;
using Portal.Access;
using Portal.People;
using Portal.Tests.Support;

namespace Portal.Tests.People;

/// <summary>Roles given and taken by hand: who may, for whom, and what stops them.</summary>
public sealed class RolesTests(PostgresFixture postgres) : PeopleTest(postgres)
{
    [Fact]
    public async Task Role_by_hand_counts_from_the_next_action_and_outlives_a_sign_in()
    {
        var ada = await SignInAsync("ada", Role.Administrator);
        var dana = await SignInAsync("dana", Role.Requester);

        var given = await People.ChangeRolesAsync(dana.Id, [], [Role.Approver, Role.Requester], ada, Token);

        Assert.True(given.IsDone);
        Assert.Equal([Role.Requester, Role.Approver], (await ActorAsync(dana.Session!.Value))!.Roles);
        await SignInAsync("dana", Role.Auditor);
        Assert.Equal([Role.Requester, Role.Approver, Role.Auditor], (await PersonAsync(dana.Id)).RolesNow);
        Assert.Equal(["person.roles_changed by tenant/ada"], await TrailAsync());
        Assert.Equal("""{"after": ["Requester", "Approver"], "before": [], "person": "tenant/dana"}""", await FactsAsync("person.roles_changed"));
    }

    [Fact]
    public async Task Role_taken_by_hand_is_gone_at_once_and_that_of_the_provider_stays()
    {
        var ada = await SignInAsync("ada", Role.Administrator);
        var dana = await SignInAsync("dana", Role.Requester);
        await People.ChangeRolesAsync(dana.Id, [], [Role.Requester, Role.Approver], ada, Token);

        Assert.True((await People.ChangeRolesAsync(dana.Id, [Role.Approver, Role.Requester], [], ada, Token)).IsDone);

        Assert.Equal([Role.Requester], (await ActorAsync(dana.Session!.Value))!.Roles);
    }

    [Fact]
    public async Task Name_of_a_role_that_only_another_version_knows_is_kept()
    {
        var ada = await SignInAsync("ada", Role.Administrator);
        await SignInAsync("dana");
        await Database.AppAsync("update portal.person set granted = '{Planner,Auditor}' where id = 'tenant/dana'");

        Assert.True((await People.ChangeRolesAsync("tenant/dana", [Role.Auditor], [Role.Operator], ada, Token)).IsDone);

        Assert.Equal(["Operator", "Planner"], (await PersonAsync("tenant/dana")).Granted);
    }

    [Theory]
    [InlineData(Role.Requester)]
    [InlineData(Role.Approver)]
    [InlineData(Role.Operator)]
    [InlineData(Role.Auditor)]
    public async Task Others_than_administrators_change_nobody_and_the_try_is_recorded(Role role)
    {
        var actor = await SignInAsync("eve", role);
        await SignInAsync("dana");

        Assert.IsType<NotAllowed>((await People.ChangeRolesAsync("tenant/dana", [], [Role.Operator], actor, Token)).Refusal);
        Assert.IsType<NotAllowed>((await People.ChangeRolesAsync(actor.Id, [], [Role.Administrator], actor, Token)).Refusal);
        Assert.IsType<NotAllowed>((await People.ShutOutAsync("tenant/dana", "x", actor, Token)).Refusal);
        Assert.IsType<NotAllowed>((await People.LetInAsync("tenant/dana", actor, Token)).Refusal);

        Assert.Equal(([], null), ((await PersonAsync("tenant/dana")).Granted, (await PersonAsync("tenant/dana")).DisabledAt));
        Assert.Equal(4, (await TrailAsync()).Count(row => row == "access.denied by tenant/eve"));
    }

    [Fact]
    public async Task Nobody_changes_what_they_themselves_may_do()
    {
        var ada = await SignInAsync("ada", Role.Administrator);
        await SignInAsync("other", Role.Administrator);

        Assert.IsType<MayNotChangeOneself>((await People.ChangeRolesAsync(ada.Id, [], [Role.Approver], ada, Token)).Refusal);
        Assert.IsType<MayNotChangeOneself>((await People.ShutOutAsync(ada.Id, "x", ada, Token)).Refusal);
        Assert.IsType<MayNotChangeOneself>((await People.LetInAsync(ada.Id, ada, Token)).Refusal);

        Assert.Empty((await PersonAsync(ada.Id)).Granted);
        Assert.Equal(3, (await TrailAsync()).Count(row => row == "access.denied by tenant/ada"));
    }

    [Fact]
    public async Task Role_of_the_portal_itself_cannot_be_given()
    {
        var ada = await SignInAsync("ada", Role.Administrator);
        await SignInAsync("dana");

        Assert.IsType<RoleCannotBeGiven>((await People.ChangeRolesAsync("tenant/dana", [], [Role.System], ada, Token)).Refusal);
        Assert.IsType<RoleCannotBeGiven>((await People.ChangeRolesAsync("tenant/dana", [], [(Role)99], ada, Token)).Refusal);
        Assert.IsType<PersonNotFound>((await People.ChangeRolesAsync("tenant/nobody", [], [Role.Auditor], ada, Token)).Refusal);
        Assert.Empty(await TrailAsync());
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_not_overwritten()
    {
        var ada = await SignInAsync("ada", Role.Administrator);
        var other = await SignInAsync("other", Role.Administrator);
        await SignInAsync("dana");
        await People.ChangeRolesAsync("tenant/dana", [], [Role.Auditor], other, Token);

        Assert.IsType<PersonChanged>((await People.ChangeRolesAsync("tenant/dana", [], [Role.Approver], ada, Token)).Refusal);

        Assert.Equal(["Auditor"], (await PersonAsync("tenant/dana")).Granted);
        Assert.Equal(["person.roles_changed by tenant/other"], await TrailAsync());
    }

    [Fact]
    public async Task Saving_what_is_there_already_leaves_no_trace()
    {
        var ada = await SignInAsync("ada", Role.Administrator);
        await SignInAsync("dana");

        Assert.True((await People.ChangeRolesAsync("tenant/dana", [], [], ada, Token)).IsDone);

        Assert.Empty(await TrailAsync());
    }

    [Fact]
    public async Task Of_two_administrators_who_take_each_others_role_at_the_same_moment_one_stays()
    {
        var (first, second) = await TwoByHandAsync();

        var outcomes = await AtTheSameMomentAsync(
            () => People.ChangeRolesAsync(second.Id, [Role.Administrator], [], first, Token),
            () => People.ChangeRolesAsync(first.Id, [Role.Administrator], [], second, Token));

        Assert.IsType<LastAdministrator>(Assert.Single(outcomes, outcome => !outcome.IsDone).Refusal);
        Assert.Single(await Givers.NamesAsync(Token));
        Assert.Single(await TrailAsync(), row => row.StartsWith("person.roles_changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_administrators_who_shut_each_other_out_at_the_same_moment_one_stays()
    {
        var (first, second) = await TwoByHandAsync();

        var outcomes = await AtTheSameMomentAsync(
            () => People.ShutOutAsync(second.Id, "x", first, Token), () => People.ChangeRolesAsync(first.Id, [Role.Administrator], [], second, Token));

        Assert.IsType<LastAdministrator>(Assert.Single(outcomes, outcome => !outcome.IsDone).Refusal);
        Assert.Single(await Givers.NamesAsync(Token));
    }

    [Fact]
    public async Task Administrator_whose_role_was_taken_a_moment_ago_changes_nobody_any_more_also_when_others_are_left()
    {
        var (first, second) = await TwoByHandAsync();
        await SignInAsync("third", Role.Administrator);

        var outcomes = await AtTheSameMomentAsync(
            () => People.ChangeRolesAsync(second.Id, [Role.Administrator], [], first, Token),
            () => People.ChangeRolesAsync(first.Id, [Role.Administrator], [], second, Token));

        Assert.IsType<NotAllowed>(Assert.Single(outcomes, outcome => !outcome.IsDone).Refusal);
        Assert.Equal(2, (await Givers.NamesAsync(Token)).Count);
    }

    async Task<(Actor First, Actor Second)> TwoByHandAsync()
    {
        var (first, second) = (await SignInAsync("first"), await SignInAsync("second"));
        await Database.AppAsync("update portal.person set granted = '{Administrator}'");
        return ((await ActorAsync(first.Session!.Value))!, (await ActorAsync(second.Session!.Value))!);
    }

    /// <summary>Holds the rows until both wait for them, so that both have begun before either can go on.</summary>
    async Task<Outcome<Person>[]> AtTheSameMomentAsync(params Func<Task<Outcome<Person>>>[] changes)
    {
        await using var holder = await Database.App.OpenConnectionAsync(Token);
        await using var transaction = await holder.BeginTransactionAsync(Token);
        await using (var hold = new NpgsqlCommand("select 1 from portal.person for update", holder))
        {
            await hold.ExecuteNonQueryAsync(Token);
        }

        var running = changes.Select(change => change()).ToArray();
        while (await Database.WaitingAsync() < running.Length)
        {
            Assert.DoesNotContain(running, change => change.IsCompleted);
            await Task.Delay(10, Token);
        }

        await transaction.RollbackAsync(Token);
        return await Task.WhenAll(running);
    }
}

file static class Waiting
{
    /// <summary>How many connections to the database wait for a lock.</summary>
    public static async Task<long> WaitingAsync(this TestDatabase database)
    {
        await using var command = database.Superuser.CreateCommand("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
