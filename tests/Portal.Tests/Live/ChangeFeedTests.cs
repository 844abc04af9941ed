using System.Threading.Channels;
using Portal.Tests.Support;

namespace Portal.Tests.Live;

/// <summary>A commit rings at every node, a rollback at none, and a broken line is noticed.</summary>
public sealed class ChangeFeedTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    const string Insert =
        """
        insert into audit.event (id, kind, actor_id, actor_name, request_id, seq, node, raw, doc)
        values (gen_random_uuid(), 'request.submitted', 'x', 'x', REQUEST, 1, 'n', '', '{}')
        """;

    [Fact]
    public async Task Commit_is_announced_with_its_request_and_a_rollback_is_not()
    {
        await using var node = PortalHost.On(Database, Cloud);
        var heard = Channel.CreateUnbounded<string>();
        await StartAsync(node);
        var (rolledBack, committed) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var one = node.Changes.Subscribe(rolledBack, () => heard.Writer.WriteAsync("rolled back", Token).AsTask());
        using var other = node.Changes.Subscribe(committed, () => heard.Writer.WriteAsync("committed", Token).AsTask());

        await Database.AppAsync($"begin; {Sql(rolledBack)}; rollback");
        await Database.AppAsync(Sql(committed));

        // PostgreSQL keeps the order of commits: had the first been announced, it would have come first.
        Assert.Equal("committed", await NextAsync(heard));
    }

    [Fact]
    public async Task Change_made_on_one_node_is_heard_on_another()
    {
        await using var other = PortalHost.On(Database, Cloud);
        await StartAsync(other);
        var heard = Channel.CreateUnbounded<string>();
        var request = await Given.SubmittedAsync(Node, Given.Rule());
        using var follower = other.Changes.Subscribe(request.Id, () => heard.Writer.WriteAsync("changed", Token).AsTask());

        Assert.True((await Node.Requests.WithdrawAsync(request.Id, Given.Developer, Token)).IsDone);

        Assert.Equal("changed", await NextAsync(heard));
    }

    [Fact]
    public async Task Row_without_a_request_is_heard_by_who_follows_everything_and_by_no_open_request()
    {
        await using var node = PortalHost.On(Database, Cloud);
        await StartAsync(node);
        var heard = Channel.CreateUnbounded<string>();
        var request = Guid.CreateVersion7();
        using var page = node.Changes.Subscribe(request, () => heard.Writer.WriteAsync("page", Token).AsTask());
        using var list = node.Changes.Subscribe(null, () => heard.Writer.WriteAsync("list", Token).AsTask());

        await Database.AppAsync(Insert.Replace("REQUEST, 1", "null, null", StringComparison.Ordinal));
        Assert.Equal("list", await NextAsync(heard));
        await Database.AppAsync(Sql(request));

        Assert.Equal(["list", "page"], new[] { await NextAsync(heard), await NextAsync(heard) }.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Broken_connection_is_taken_up_again_and_everybody_looks_again()
    {
        await using var node = PortalHost.On(Database, Cloud);
        await StartAsync(node);
        var heard = Channel.CreateUnbounded<string>();
        var request = Guid.CreateVersion7();
        using var follower = node.Changes.Subscribe(request, () => heard.Writer.WriteAsync("look", Token).AsTask());

        await using var cut = Database.Superuser.CreateCommand(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and query ilike 'listen %' and pid <> pg_backend_pid()");
        Assert.Equal(1L, await cut.ExecuteScalarAsync(Token));

        Assert.Equal("look", await NextAsync(heard));
        await Database.AppAsync(Sql(request));
        Assert.Equal("look", await NextAsync(heard));
    }

    static async Task StartAsync(PortalHost node)
    {
        var listens = Channel.CreateUnbounded<string>();
        using var first = node.Changes.Subscribe(null, () => listens.Writer.WriteAsync("listens", Token).AsTask());
        await node.StartAsync();
        await NextAsync(listens);
    }

    static async Task<string> NextAsync(Channel<string> heard) => await heard.Reader.ReadAsync(Token).AsTask().WaitAsync(Patience, Token);

    static string Sql(Guid request) => Insert.Replace("REQUEST", $"'{request}'", StringComparison.Ordinal);
}
