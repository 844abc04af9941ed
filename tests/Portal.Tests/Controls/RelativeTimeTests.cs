using Bunit;
using Portal.Controls;
using Portal.Tests.Support;

namespace Portal.Tests.Controls;

public sealed class RelativeTimeTests : ControlTest
{
    [Theory]
    [InlineData(59, "Time.Now", 0)]
    [InlineData(60, "Time.MinuteAgo", 1)]
    [InlineData(3599, "Time.MinutesAgo", 59)]
    [InlineData(3600, "Time.HourAgo", 1)]
    [InlineData(86399, "Time.HoursAgo", 23)]
    [InlineData(86400, "Time.DayAgo", 1)]
    [InlineData(30 * 86400, "Time.MonthAgo", 1)]
    [InlineData(364 * 86400, "Time.MonthsAgo", 12)]
    [InlineData(365 * 86400, "Time.YearAgo", 1)]
    [InlineData(-29, "Time.Now", 0)]
    [InlineData(-90, "Time.InMinutes", 2)]
    [InlineData(-3 * 86400 + 1, "Time.InDays", 3)]
    public void Between_a_distance_becomes_its_largest_whole_unit(int secondsAgo, string key, int count) =>
        Assert.Equal(new TimePhrase(key, count), TimePhrase.Between(Time.GetUtcNow().AddSeconds(-secondsAgo), Time.GetUtcNow()));

    [Fact]
    public void Render_says_the_distance_and_keeps_the_exact_time()
    {
        var at = new DateTimeOffset(2026, 8, 22, 15, 57, 0, TimeSpan.FromHours(8));

        var cut = Render<RelativeTime>(p => p.Add(c => c.At, at));

        cut.MarkupMatches("""<time class="when" datetime="2026-08-22T07:57:00Z" title="2026-08-22 07:57:00 UTC">3 minutes ago</time>""");
    }

    [Fact]
    public void MarkupMatches_other_words_are_noticed()
    {
        var cut = Render<RelativeTime>(p => p.Add(c => c.At, Time.GetUtcNow()));

        Assert.Throws<HtmlEqualException>(() => cut.MarkupMatches("<time>yesterday</time>"));
    }

    [Fact]
    public void Tick_the_words_follow_the_clock()
    {
        var cut = Render<RelativeTime>(p => p.Add(c => c.At, Time.GetUtcNow()));
        Assert.Equal("just now", cut.Find("time").TextContent);

        Time.Advance(TimeSpan.FromMinutes(2));

        cut.WaitForAssertion(() => Assert.Equal("2 minutes ago", cut.Find("time").TextContent));
    }

    [Fact]
    public void Tick_each_reader_keeps_the_own_language()
    {
        var english = Language.In("en", () => Render<RelativeTime>(p => p.Add(c => c.At, Time.GetUtcNow())));
        var chinese = Language.In("zh-CN", () => Render<RelativeTime>(p => p.Add(c => c.At, Time.GetUtcNow())));

        Time.Advance(TimeSpan.FromMinutes(2));

        english.WaitForAssertion(() => Assert.Equal("2 minutes ago", english.Find("time").TextContent));
        chinese.WaitForAssertion(() => Assert.Equal("2 分钟前", chinese.Find("time").TextContent));
    }

    [Fact]
    public async Task Dispose_all_times_share_one_timer_and_the_last_one_stops_it()
    {
        Render<RelativeTime>(p => p.Add(c => c.At, Time.GetUtcNow()));
        Render<RelativeTime>(p => p.Add(c => c.At, Time.GetUtcNow()));
        Assert.Equal(1, Time.Timers);

        await DisposeComponentsAsync();

        Assert.Equal(0, Time.Timers);
    }
}
