using Microsoft.Extensions.Configuration;
using Portal.Access;

namespace Portal.Tests.Access;

public sealed class RateLimitsTests
{
    readonly HandClock clock = new();

    [Fact]
    public void Permits_come_back_one_by_one_a_window_after_they_were_taken()
    {
        using var limits = With(("Limits:Submit:Permits", "3"), ("Limits:Submit:Seconds", "60"));
        for (var second = 0; second < 30; second += 10)
        {
            Assert.Null(limits.Take(RateLimit.Submit, "a"));
            clock.Pass(10);
        }

        var refusal = limits.Take(RateLimit.Submit, "a");

        Assert.Equal((30, true), (refusal!.RetryAfterSeconds, refusal.IsFirst));
        clock.Pass(29.999);
        Assert.False(limits.Take(RateLimit.Submit, "a")!.IsFirst);
        clock.Pass(0.001);
        Assert.Null(limits.Take(RateLimit.Submit, "a"));
        Assert.Equal(10, limits.Take(RateLimit.Submit, "a")!.RetryAfterSeconds);
    }

    [Fact]
    public void Refusal_is_news_once_for_each_window_however_many_there_are()
    {
        using var limits = With(("Limits:Decide:Permits", "1"));
        var news = 0;
        for (var second = 0; second < 180; second++)
        {
            news += limits.Take(RateLimit.Decide, "a") is { IsFirst: true } ? 1 : 0;
            clock.Pass(1);
        }

        Assert.Equal(3, news);
    }

    [Fact]
    public void People_and_limits_do_not_disturb_one_another()
    {
        using var limits = With(("Limits:Submit:Permits", "1"), ("Limits:Decide:Permits", "1"));

        Assert.Null(limits.Take(RateLimit.Submit, "a"));
        Assert.Equal(RateLimit.Submit.Name, limits.Take(RateLimit.Submit, "a")?.Limit.Name);
        Assert.Null(limits.Take(RateLimit.Submit, "b"));
        Assert.Null(limits.Take(RateLimit.Decide, "a"));
    }

    [Fact]
    public void Limits_that_are_off_refuse_nothing()
    {
        using var limits = With(("Limits:Enabled", "false"), ("Limits:Submit:Permits", "1"));

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Null(limits.Take(RateLimit.Submit, "a")));
    }

    [Theory]
    [InlineData("Permits", "0")]
    [InlineData("Seconds", "-1")]
    public void Setting_that_cannot_be_meant_is_named(string name, string value) => Assert.Contains(
        "Limits:Submit", Assert.Throws<RefusedSettingException>(() => With(($"Limits:Submit:{name}", value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("fe80::1%1", "fe80::2%2", true)]
    public void Addresses_that_one_machine_can_have_are_one(string one, string other, bool same) => Assert.Equal(
        same, RateLimits.KeyOf(System.Net.IPAddress.Parse(one)) == RateLimits.KeyOf(System.Net.IPAddress.Parse(other)));

    [Fact]
    public void Settings_file_holds_the_table()
    {
        var settings = new ConfigurationBuilder().AddJsonFile(Path.Combine(Support.Repository.Root, "appsettings.json")).Build().GetSection("Limits");

        Assert.Equal(
            RateLimit.All.Select(limit => (limit.Name, limit.Permits, limit.Seconds)).Order(),
            settings.GetChildren().Where(child => child["Permits"] is not null)
                .Select(child => (child.Key, child.GetValue<int>("Permits"), child.GetValue<int>("Seconds"))).Order());
    }

    RateLimits With(params (string Name, string Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build(), clock);

    /// <summary>Moves when it is told to.</summary>
    sealed class HandClock : TimeProvider
    {
        TimeSpan passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(double seconds) => passed += TimeSpan.FromSeconds(seconds);

        public override long GetTimestamp() => passed.Ticks;
    }
}
