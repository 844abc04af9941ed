using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Controls;

namespace Portal.Tests.Controls;

/// <summary>What every control needs: the words, and a clock that a test moves by hand.</summary>
public abstract class ControlTest : BunitContext
{
    private protected HandClock Time { get; } = new(new DateTimeOffset(2026, 8, 22, 8, 0, 0, TimeSpan.Zero));

    protected ControlTest()
    {
        Services.AddLocalization();
        Services.AddLogging();
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddSingleton<Clock>();
    }

    /// <summary>A time provider whose clock moves when the test says so. Pauses (timers that ring once) are over at once.</summary>
    private protected sealed class HandClock(DateTimeOffset now) : TimeProvider
    {
        readonly List<Bell> bells = [];
        DateTimeOffset now = now;

        public int Timers => bells.Count;

        public override DateTimeOffset GetUtcNow() => now;

        public void Advance(TimeSpan by)
        {
            now += by;
            foreach (var bell in bells.ToArray())
                bell.Ring();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var bell = new Bell(this, callback, state);
            if (period == Timeout.InfiniteTimeSpan)
                bell.Ring();
            else
                bells.Add(bell);
            return bell;
        }

        sealed class Bell(HandClock clock, TimerCallback callback, object? state) : ITimer
        {
            public void Ring() => callback(state);

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => clock.bells.Remove(this);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
