using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Portal.Audit;

namespace Portal.Tests.Audit;

public sealed class AuditFilterTests
{
    public static readonly TheoryData<string> Hostile =
    [
        "%", "_", "\\", "\"", "'; drop table audit.event; --", "<script>alert(1)</script>", "a&b=c#d?e+f%20g", "{{7*7}}", "${x}", "../../etc/passwd",
        "订单 镜像", "👩‍💻", "e\u0301", "\u202Eabc", "İıſ", " lead and trail ", "a,b", "=1+1", "-9999999999999999999999999", "NaN", "\n\t", "%00", "%zz",
    ];

    [Theory, MemberData(nameof(Hostile))]
    public void Parse_of_ToQuery_gives_the_same_filter(string value)
    {
        var filter = new AuditFilter
        {
            Text = value,
            Person = value,
            Event = value,
            Status = value,
            Jid = value,
            From = value,
            To = value,
            Page = 7,
            UpTo = Guid.Parse("019ac0de-0000-7000-8000-000000000001"),
        };

        Assert.Equal(filter, AuditFilter.Parse(filter.ToQuery()));
    }

    [Fact]
    public void Parse_of_ToQuery_gives_the_same_filter_for_any_text() => Prop.ForAll<NonNull<string>, NonNull<string>, PositiveInt>((text, jid, page) =>
    {
        var filter = new AuditFilter { Text = WellFormed(text.Get), Jid = WellFormed(jid.Get), Page = page.Get };
        return AuditFilter.Parse(filter.ToQuery()) == filter;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_and_Read_never_throw() => Prop.ForAll<string>(query =>
    {
        _ = AuditCriteria.Read(AuditFilter.Parse(query));
        _ = AuditCriteria.Read(new AuditFilter { Text = query ?? "", Event = query ?? "", Status = query ?? "", From = query ?? "", To = query ?? "" });
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("page=0", 1)]
    [InlineData("page=-3", 1)]
    [InlineData("page=abc", 1)]
    [InlineData("page=99999999999999999999", 1)]
    [InlineData("page=12", 12)]
    public void Parse_page_that_is_none_is_the_first(string query, int page) => Assert.Equal(page, AuditFilter.Parse(query).Page);

    [Fact]
    public void Parse_event_given_twice_means_both_kinds() =>
        Assert.Equal("login.signed_in,access.denied", AuditFilter.Parse("?event=login.signed_in&event=access.denied").Event);

    [Theory]
    [InlineData(nameof(AuditFilter.Status), "status=999")]
    [InlineData(nameof(AuditFilter.Status), "status=4x")]
    [InlineData(nameof(AuditFilter.Status), "status=-404")]
    [InlineData(nameof(AuditFilter.Status), "status=4%D9%A0%D9%A4")]
    [InlineData(nameof(AuditFilter.Status), "status=200&status=404")]
    [InlineData(nameof(AuditFilter.Event), "event=foo")]
    [InlineData(nameof(AuditFilter.Event), "event=nosuch")]
    [InlineData(nameof(AuditFilter.Event), "event=,")]
    [InlineData(nameof(AuditFilter.Event), "event=.*")]
    [InlineData(nameof(AuditFilter.Event), "event=login.signed_in,foo")]
    [InlineData(nameof(AuditFilter.From), "from=2026-02-30")]
    [InlineData(nameof(AuditFilter.From), "from=30.11.2026")]
    [InlineData(nameof(AuditFilter.To), "to=9999-12-31")]
    [InlineData(nameof(AuditFilter.To), "from=2026-03-02&to=2026-03-01")]
    [InlineData(nameof(AuditFilter.Text), "q=a%00b")]
    [InlineData(nameof(AuditFilter.Person), "person=%1B")]
    public void Read_bad_value_is_a_problem_at_its_field_and_stays_there(string field, string query)
    {
        var filter = AuditFilter.Parse(query);

        var (criteria, problems) = AuditCriteria.Read(filter);

        Assert.Null(criteria);
        Assert.Equal(field, Assert.Single(problems).Field);
        Assert.NotEqual(new AuditFilter(), filter);
    }

    [Theory]
    [InlineData("q=%20%20")]
    [InlineData("status=404")]
    [InlineData("status=4xx")]
    [InlineData("status=5XX")]
    [InlineData("event=dispatch.*,login.signed_in")]
    [InlineData("event=%20")]
    [InlineData("from=0001-01-01&to=9998-12-31")]
    [InlineData("from=2026-03-01&to=2026-03-01")]
    [InlineData("q=%E5%8D%8E%E4%B8%9C")]
    public void Read_good_value_has_no_problem(string query) => Assert.Empty(AuditCriteria.Read(AuditFilter.Parse(query)).Problems);

    [Theory]
    [InlineData("9999-12-31")]
    [InlineData("9999-01-01")]
    [InlineData("0000-01-01")]
    [InlineData("10000-01-01")]
    [InlineData("275760-09-13")]
    public void Read_day_of_a_year_that_does_not_count_says_which_years_do(string day)
    {
        foreach (var query in new[] { "from=" + day, "to=" + day })
        {
            var problem = Assert.Single(AuditCriteria.Read(AuditFilter.Parse(query)).Problems);

            Assert.Equal("Audit.ProblemYear", problem.WordKey);
            Assert.Equal([1, 9998], problem.Arguments);
        }
    }

    [Fact]
    public void Read_query_name_that_is_no_filter_is_left_out() => Assert.True(AuditFilter.Parse("?kind=nosuch").IsEmpty);

    [Fact]
    public void Read_half_of_a_surrogate_pair_is_a_problem() =>
        Assert.Equal(nameof(AuditFilter.Text), Assert.Single(AuditCriteria.Read(new AuditFilter { Text = "a\uD83D" }).Problems).Field);

    [Fact]
    public void Read_text_of_a_megabyte_is_a_problem() =>
        Assert.Equal("Audit.ProblemTooLong", Assert.Single(AuditCriteria.Read(new AuditFilter { Text = new string('x', 1_000_000) }).Problems).WordKey);

    static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
