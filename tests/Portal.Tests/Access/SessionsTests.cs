using Portal.Access;
using Portal.Tests.Support;

namespace Portal.Tests.Access;

/// <summary>A sign-in that was ended is ended for every tab and every node.</summary>
public sealed class SessionsTests(PostgresFixture postgres) : IAsyncLifetime
{
    TestDatabase database = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => database = await postgres.CreateAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task EndAsync_ends_that_sign_in_and_no_other_also_twice()
    {
        var (ended, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var sessions = new Sessions(database.App);

        await sessions.EndAsync(ended, Token);
        await sessions.EndAsync(ended, Token);

        Assert.True(await new Sessions(database.App).HasEndedAsync(ended, Token));
        Assert.False(await sessions.HasEndedAsync(other, Token));
    }

    [Fact]
    public async Task EndAsync_forgets_a_sign_in_only_when_its_cookie_is_void()
    {
        var (old, recent) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await database.OwnerAsync("insert into portal.ended_session values ($1, now() - interval '17 hours'), ($2, now() - interval '9 hours')", old, recent);
        var sessions = new Sessions(database.App);

        await sessions.EndAsync(Guid.CreateVersion7(), Token);

        Assert.False(await sessions.HasEndedAsync(old, Token));
        Assert.True(await sessions.HasEndedAsync(recent, Token));
    }
}
