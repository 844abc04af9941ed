using Portal.Telemetry;

namespace Portal.Tests.Telemetry;

public sealed class HeartbeatsTests
{
    [Fact]
    public void Slowest_loop_of_a_worker_speaks_for_it()
    {
        var clock = new Clock();
        var beats = new Heartbeats(clock);
        using var one = beats.Begin("dispatch", TimeSpan.FromSeconds(10));
        using var other = beats.Begin("dispatch", TimeSpan.FromSeconds(10));

        clock.Passed += TimeSpan.FromSeconds(8);
        one.Beat();
        clock.Passed += TimeSpan.FromSeconds(8);
        var late = Assert.Single(beats.All);
        other.Beat();
        var well = Assert.Single(beats.All);

        Assert.Equal(("dispatch", TimeSpan.FromSeconds(16), true), (late.Worker, late.Age, late.IsLate));
        Assert.Equal((TimeSpan.FromSeconds(8), false), (well.Age, well.IsLate));
    }

    [Fact]
    public void Loop_that_was_told_to_stop_is_not_missed()
    {
        var beats = new Heartbeats(new Clock());
        beats.Begin("house", TimeSpan.FromSeconds(1)).Dispose();

        Assert.Empty(beats.All);
    }

    sealed class Clock : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
