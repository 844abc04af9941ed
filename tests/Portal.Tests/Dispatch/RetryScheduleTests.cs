using Portal.Dispatch;

namespace Portal.Tests.Dispatch;

public sealed class RetryScheduleTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 8)]
    [InlineData(3, 30)]
    [InlineData(4, 120)]
    public void NextSend_waits_anywhere_up_to_the_limit_of_that_send(int sends, int seconds)
    {
        Assert.Equal(TimeSpan.Zero, RetrySchedule.NextSend(sends, null, 0));
        Assert.Equal(TimeSpan.FromSeconds(seconds / 2.0), RetrySchedule.NextSend(sends, null, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.NextSend(sends, null, 1));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(int.MaxValue)]
    public void NextSend_after_five_sends_gives_up(int sends)
    {
        Assert.Null(RetrySchedule.NextSend(sends, null, 0.5));
        Assert.Null(RetrySchedule.NextSend(sends, TimeSpan.FromSeconds(1), 0.5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(300)]
    public void NextSend_waits_at_least_what_the_cloud_asked_for(int asked) =>
        Assert.True(RetrySchedule.NextSend(1, TimeSpan.FromSeconds(asked), 0.1) >= TimeSpan.FromSeconds(asked));

    [Fact]
    public void NextLook_grows_to_five_minutes_and_stays_there()
    {
        var waits = Enumerable.Range(0, 12).Select(RetrySchedule.NextLook).ToList();

        Assert.Equal(TimeSpan.FromSeconds(1), waits[0]);
        Assert.Equal(waits.Order(), waits);
        Assert.Equal(TimeSpan.FromMinutes(5), waits[9]);
        Assert.Equal(TimeSpan.FromMinutes(5), waits[11]);
        Assert.Equal(TimeSpan.FromMinutes(5), RetrySchedule.NextLook(int.MaxValue));
    }
}
