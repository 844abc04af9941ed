using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Requests;

public sealed class ReaderTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task FindAsync_shows_a_request_to_its_requester_and_to_who_reads_all()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());

        foreach (var actor in new[] { Given.Developer, Given.Approver, Given.Operator, Given.Auditor, Given.Administrator })
        {
            var found = await Node.Reader.FindAsync(request.Id, actor, Token);
            Assert.Equal("request.submitted", Assert.Single(found.Value.History).Kind);
        }

        Assert.IsType<RequestNotFound>((await Node.Reader.FindAsync(request.Id, Given.OtherDeveloper, Token)).Refusal);
        Assert.IsType<RequestNotFound>((await Node.Reader.FindAsync(Guid.Empty, Given.Auditor, Token)).Refusal);
    }

    [Fact]
    public async Task Lists_show_each_person_what_is_theirs()
    {
        await Given.SubmittedAsync(Node, Given.Rule());
        await Given.SubmittedAsync(Node, Given.Mirror(), Given.Approver);

        Assert.Equal("keep-copying", Assert.Single((await MineAsync(null)).Rows).Kind);
        Assert.Equal("keep-copying", Assert.Single(await Node.Reader.WaitingForAsync(Given.Approver, Token)).Kind);
        Assert.Equal(2, (await Node.Reader.WaitingForAsync(Given.SecondApprover, Token)).Count);
        Assert.Empty(await Node.Reader.WaitingForAsync(Given.Auditor, Token));
        Assert.Equal("keep-copying", Assert.Single(await Node.Reader.MovingAsync(Given.Developer, Token)).Kind);
        Assert.Empty(await Node.Reader.MovingAsync(Given.OtherDeveloper, Token));
    }

    [Fact]
    public async Task MineAsync_lists_all_only_for_who_asks_for_nothing_and_reads_all()
    {
        await Given.SubmittedAsync(Node, Given.Rule());

        foreach (var (actor, seen) in new[]
        {
            (Given.Developer, 1), (Given.OtherDeveloper, 0), (Given.Approver, 0), (Given.SecondApprover, 1), (Given.Operator, 1), (Given.Auditor, 1),
            (Given.Administrator, 1), (Given.Developer with { Id = "test:nobody", Roles = [] }, 0),
        })
        {
            Assert.Equal((actor.Id, seen), (actor.Id, (await Node.Reader.MineAsync(actor, null, null, 1, Token)).Total));
        }
    }

    [Theory]
    [InlineData("order-api", 1)]
    [InlineData("ORDER", 1)]
    [InlineData("#1001", 1)]
    [InlineData("1001", 1)]
    [InlineData("#", 0)]
    [InlineData("%", 0)]
    [InlineData("_", 0)]
    [InlineData("\\", 0)]
    [InlineData("second site", 1)]
    [InlineData("order\0-api", 1)]
    [InlineData("99999999999999999999", 0)]
    [InlineData("' or 1=1 --", 0)]
    public async Task MineAsync_takes_the_text_for_text(string text, int expected)
    {
        await Given.SubmittedAsync(Node, Given.Rule());

        Assert.Equal(expected, (await MineAsync(text)).Total);
    }

    [Fact]
    public async Task MineAsync_half_of_a_surrogate_pair_finds_nothing()
    {
        await Given.SubmittedAsync(Node, Given.Rule());

        Assert.Equal(0, (await MineAsync("order\ud800")).Total);
    }

    [Theory]
    [InlineData(int.MinValue, 1)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    [InlineData(100_000_000, 0)]
    [InlineData(int.MaxValue, 0)]
    public async Task MineAsync_any_page_number_is_answered(int page, int rows)
    {
        await Given.SubmittedAsync(Node, Given.Rule());

        var slice = await Node.Reader.MineAsync(Given.Developer, null, null, page, Token);

        Assert.Equal((rows, 1), (slice.Rows.Count, slice.Total));
    }

    Task<Slice<RequestRow>> MineAsync(string? text) => Node.Reader.MineAsync(Given.Developer, null, text, 1, Token);
}
