using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.SignIn;
using Portal.Tests.Support;

namespace Portal.Tests.SignIn;

/// <summary>How long a sign-in holds, what ends it, and what the trail says of that.</summary>
public sealed class SessionsTests(PostgresFixture postgres) : IAsyncLifetime
{
    static readonly Identity Dana = new("tenant/dana", "Dana", [Role.Requester]) { Issuer = "https://idp.example", Subject = "dana", ProviderSession = "there-1" };
    static readonly SignInOrigin Browser = new("192.0.2.7", "a browser", "the.id.token");

    TestDatabase database = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => database = await postgres.CreateAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Sign_in_makes_an_actor_who_acts_with_the_roles_of_this_moment()
    {
        var (session, key) = await database.SessionService().BeginAsync(Dana, Browser, Token);

        await database.AppAsync("update portal.person set granted = '{Operator,Requester,System,Nonsense}'");
        var actor = await database.Sessions().ActorAsync(session, "192.0.2.8", SHA256.HashData(key), Token);

        Assert.Equal(("tenant/dana", "Dana", "192.0.2.8", session), (actor!.Id, actor.Name, actor.Address, actor.Session!.Value));
        Assert.Equal([Role.Requester, Role.Operator], actor.Roles);
        Assert.Equal(["login.signed_in by tenant/dana"], await TrailAsync());
    }

    [Theory]
    [InlineData("persona:Developer", null, true, true)]
    [InlineData("persona:Developer", null, false, false)]
    [InlineData("tenant/dana", "https://idp.example", true, true)]
    [InlineData("tenant/dana", "https://idp.example/", true, true)]
    [InlineData("tenant/dana", "https://the-one-before.example", true, false)]
    public async Task Sign_in_counts_only_where_whoever_vouched_for_it_still_does(string person, string? issuer, bool personas, bool counts)
    {
        var (session, key) = await database.SessionService().BeginAsync(new Identity(person, "Dana", [Role.Requester]) { Issuer = issuer }, Browser, Token);

        var sessions = database.Sessions(issuers: new(personas, ["https://idp.example"]));

        Assert.Equal(counts ? person : null, (await sessions.ActorAsync(session, null, SHA256.HashData(key), Token))?.Id);
        Assert.Equal(counts ? person : null, (await sessions.ActorAsync(session, null, null, Token))?.Id);
    }

    [Fact]
    public async Task Every_sign_in_has_a_key_of_its_own_of_256_bits()
    {
        var service = database.SessionService();
        var keys = new HashSet<string>(StringComparer.Ordinal);

        for (var number = 0; number < 20; number++)
        {
            var (_, key) = await service.BeginAsync(Dana, Browser, Token);
            Assert.Equal(32, key.Length);
            Assert.True(keys.Add(Convert.ToHexString(key)), "A key came twice.");
        }
    }

    [Fact]
    public async Task Sign_in_is_worth_nothing_with_another_key()
    {
        var (session, key) = await database.SessionService().BeginAsync(Dana, Browser, Token);
        key[0] ^= 1;

        Assert.Null(await database.Sessions().ActorAsync(session, null, SHA256.HashData(key), Token));
        Assert.Null(await database.Sessions().ActorAsync(session, null, [], Token));
        Assert.Null(await database.Sessions().ActorAsync(Guid.CreateVersion7(), null, null, Token));
    }

    [Fact]
    public async Task Key_and_id_token_do_not_stand_in_the_database()
    {
        var (_, key) = await database.SessionService().BeginAsync(Dana, Browser, Token);

        var everything = string.Join('\n', await database.EverythingAsync());

        Assert.DoesNotContain("the.id.token", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(key), everything, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToHexString("the.id.token"u8), everything, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("seen_at = now() - interval '31 minutes'")]
    [InlineData("ends_at = now() - interval '1 second'")]
    [InlineData("ended_at = now()")]
    public async Task Sign_in_that_was_idle_is_old_or_was_ended_lets_nobody_act_and_cannot_be_touched_back(string what)
    {
        var (session, _) = await database.SessionService().BeginAsync(Dana, Browser, Token);
        Assert.NotNull(await database.Sessions().ActorAsync(session, null, null, Token));

        await database.AppAsync($"update portal.session set {what}");
        await database.Sessions().TouchAsync(session, Token);

        Assert.Null(await database.Sessions().ActorAsync(session, null, null, Token));
    }

    [Fact]
    public async Task Person_who_was_shut_out_acts_no_more()
    {
        var (session, _) = await database.SessionService().BeginAsync(Dana, Browser, Token);

        await database.AppAsync("update portal.person set disabled_at = now()");

        Assert.Null(await database.Sessions().ActorAsync(session, null, null, Token));
        Assert.Null(await database.Sessions().ActorAsync((await database.SessionService().BeginAsync(Dana, Browser, Token)).Session, null, null, Token));
    }

    [Fact]
    public async Task Use_keeps_a_sign_in_from_becoming_idle()
    {
        var (session, _) = await database.SessionService().BeginAsync(Dana, Browser, Token);
        await database.AppAsync("update portal.session set seen_at = now() - interval '29 minutes'");

        await database.Sessions().TouchAsync(session, Token);

        Assert.True(await database.ValueAsync<bool>("select seen_at > now() - interval '1 minute' from portal.session"));
    }

    [Fact]
    public async Task Sign_out_ends_that_sign_in_once_and_gives_the_token_for_the_provider()
    {
        var service = database.SessionService();
        var (session, _) = await service.BeginAsync(Dana, Browser, Token);
        var (other, _) = await service.BeginAsync(Dana, Browser, Token);
        var actor = (await database.Sessions().ActorAsync(session, null, null, Token))!;

        Assert.Equal(new SignedOut("https://idp.example", "the.id.token"), await service.SignOutAsync(actor, Token));
        Assert.Null(await service.SignOutAsync(actor, Token));

        Assert.Null(await database.Sessions().ActorAsync(session, null, null, Token));
        Assert.NotNull(await database.Sessions().ActorAsync(other, null, null, Token));
        Assert.Equal((SessionEnd.SignedOut, null), await EndOf(session));
        Assert.Equal(["login.signed_in by tenant/dana", "login.signed_in by tenant/dana", "login.signed_out by tenant/dana"], await TrailAsync());
    }

    [Fact]
    public async Task Browser_that_signs_in_anew_gets_another_key_and_its_old_sign_in_ends_also_when_it_was_somebody_elses()
    {
        var service = database.SessionService();
        var (first, key) = await service.BeginAsync(Dana, Browser, Token);
        var (second, other) = await service.BeginAsync(Dana, Browser with { Replaces = first }, Token);
        var (third, _) = await service.BeginAsync(Dana with { PersonId = "tenant/deniz" }, Browser with { Replaces = second }, Token);

        Assert.NotEqual(key, other);
        Assert.Equal(
            [SessionEnd.SignedInAgain, SessionEnd.SignedInAgain, null],
            [(await database.SessionAsync(first)).EndedBy, (await database.SessionAsync(second)).EndedBy, (await database.SessionAsync(third)).EndedBy]);
        Assert.Equal(2, (await TrailAsync()).Count(row => row.StartsWith("session.ended", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_sign_in_too_many_ends_the_oldest()
    {
        var service = database.SessionService(new SessionLimits { PerPerson = 2 });
        var begun = new List<Guid>();
        for (var number = 0; number < 4; number++)
        {
            begun.Add((await service.BeginAsync(Dana, Browser, Token)).Session);
        }

        var ends = new List<SessionEnd?>();
        foreach (var session in begun)
        {
            ends.Add((await database.SessionAsync(session)).EndedBy);
        }

        Assert.Equal([SessionEnd.TooMany, SessionEnd.TooMany, null, null], ends);
    }

    [Fact]
    public async Task Two_sign_ins_at_the_same_moment_do_not_make_one_too_many()
    {
        var service = database.SessionService(new SessionLimits { PerPerson = 2 });

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => service.BeginAsync(Dana, Browser, Token)));

        Assert.Equal(2, await database.ValueAsync<long>("select count(*) from portal.session where ended_at is null"));
    }

    [Theory]
    [InlineData("https://idp.example", "dana", null, 2)]
    [InlineData("https://idp.example", null, "there-1", 1)]
    [InlineData("https://idp.example", "dana", "there-1", 1)]
    [InlineData("https://idp.example", "deniz", "there-1", 0)]
    [InlineData("https://other.example", "dana", "there-1", 0)]
    [InlineData("https://idp.example", null, null, 0)]
    public async Task Provider_ends_what_it_names_and_nothing_else(string issuer, string? subject, string? session, int ended)
    {
        var service = database.SessionService();
        await service.BeginAsync(Dana, Browser, Token);
        await service.BeginAsync(Dana with { ProviderSession = "there-2" }, Browser, Token);
        await service.BeginAsync(new Identity("persona:Developer", "Dana", []), Browser, Token);

        Assert.Equal(ended, await service.EndByProviderAsync(issuer, subject, session, Token));

        Assert.Equal(ended, await database.ValueAsync<long>("select count(*) from portal.session where ended_by = 'EndedByProvider'"));
        Assert.Equal(ended, (await TrailAsync()).Count(row => row == "session.ended by system"));
    }

    async Task<(SessionEnd?, byte[]?)> EndOf(Guid session)
    {
        var row = await database.SessionAsync(session);
        return (row.EndedBy, row.IdToken);
    }

    async Task<IReadOnlyList<string>> TrailAsync()
    {
        await using var db = database.CreateDbContext();
        return await db.Events.OrderBy(row => row.At).Select(row => row.Kind + " by " + row.ActorId).ToListAsync(Token);
    }
}
