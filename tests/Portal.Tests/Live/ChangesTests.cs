using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Live;

namespace Portal.Tests.Live;

public sealed class ChangesTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Changes changes = new(NullLogger<Changes>.Instance);

    [Fact]
    public async Task Announce_reaches_who_follows_that_request_and_who_follows_all()
    {
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var heard = new ConcurrentQueue<string>();
        var all = new TaskCompletionSource();
        using var first = changes.Subscribe(one, () => Hear("one"));
        using var second = changes.Subscribe(other, () => Hear("other"));
        using var third = changes.Subscribe(null, () => Hear("all"));

        changes.Announce(one);
        await all.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(["all", "one"], heard.Order(StringComparer.Ordinal));

        Task Hear(string who)
        {
            heard.Enqueue(who);
            if (heard.Count == 2)
            {
                all.TrySetResult();
            }

            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Announce_of_anything_reaches_everybody()
    {
        var left = new CountdownEvent(3);
        var all = new TaskCompletionSource();
        using var first = changes.Subscribe(Guid.CreateVersion7(), Count);
        using var second = changes.Subscribe(Guid.CreateVersion7(), Count);
        using var third = changes.Subscribe(null, Count);

        changes.Announce(null);

        await all.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        left.Dispose();

        Task Count()
        {
            if (left.Signal())
            {
                all.TrySetResult();
            }

            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Subscriber_may_unsubscribe_inside_its_callback_and_hears_no_more()
    {
        var calls = 0;
        var called = new TaskCompletionSource();
        IDisposable? subscription = null;
        subscription = changes.Subscribe(null, () =>
        {
            Interlocked.Increment(ref calls);
            subscription!.Dispose();
            called.TrySetResult();
            return Task.CompletedTask;
        });

        changes.Announce(null);
        await called.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await AnnounceAndWaitAsync();

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Subscriber_that_throws_disturbs_nobody()
    {
        using var atOnce = changes.Subscribe(null, () => throw new InvalidOperationException("at once"));
        using var later = changes.Subscribe(null, async () =>
        {
            await Task.Yield();
            throw new InvalidOperationException("later");
        });

        await AnnounceAndWaitAsync();
        await AnnounceAndWaitAsync();
    }

    [Fact]
    public async Task Subscriber_that_never_ends_delays_nobody()
    {
        var never = new TaskCompletionSource();
        using var slow = changes.Subscribe(null, () => never.Task);

        await AnnounceAndWaitAsync();

        never.SetResult();
    }

    [Fact]
    public void Dispose_twice_is_harmless()
    {
        var subscription = changes.Subscribe(null, () => Task.CompletedTask);

        subscription.Dispose();
        subscription.Dispose();
        changes.Announce(null);
    }

    /// <summary>Returns when somebody who subscribed last has heard the announcement.</summary>
    async Task AnnounceAndWaitAsync()
    {
        var heard = new TaskCompletionSource();
        using var listener = changes.Subscribe(null, () => Task.FromResult(heard.TrySetResult()));
        changes.Announce(Guid.CreateVersion7());
        await heard.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }
}
