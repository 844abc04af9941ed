using Portal.Audit;
using Portal.Tests.Support;

namespace Portal.Tests.Audit;

/// <summary>Whoever holds an id or a number from a page, a log or a mail finds the whole story of that request.</summary>
public sealed class AuditIdSearchTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Id_of_a_request_an_item_or_an_exchange_and_a_number_find_all_events_of_that_request()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await Given.ApprovedAsync(Node, Given.Rule("tools/busybox"));
        await Node.WorkAsync();
        string[] names =
        [
            $"{request.Id}", $"{request.Id}".ToUpperInvariant(), $"{(await Node.ItemAsync(request)).Id}", $"{(await Node.SendsAsync(request)).Single().Id}",
            $"#{request.Number}",
        ];

        foreach (var name in names)
        {
            var rows = await FoundAsync(name);
            Assert.Equal(["observe.confirmed", "dispatch.accepted", "dispatch.recorded", "approval.granted", "request.submitted"], rows.Select(row => row.Kind));
            Assert.All(rows, row => Assert.Equal((request.Id, request.Number), (row.RequestId, row.RequestNumber)));
        }
    }

    [Fact]
    public async Task Id_of_an_event_finds_that_event_and_an_unknown_id_or_number_none()
    {
        var request = await Given.SubmittedAsync(Node, Given.Rule());
        var submitted = Assert.Single(await FoundAsync($"{request.Id}")).Id;

        Assert.Equal(submitted, Assert.Single(await FoundAsync($"{submitted}")).Id);
        Assert.Empty(await FoundAsync($"{Guid.CreateVersion7()}"));
        Assert.Empty(await FoundAsync("#999999"));
        Assert.Empty(await FoundAsync("#99999999999999999999"));
    }

    async Task<IReadOnlyList<AuditRow>> FoundAsync(string text) =>
        (await Node.Get<AuditService>().PageAsync(new AuditFilter { Text = text }, Given.Auditor, Token)).Value.Rows;
}
