using Portal.Access;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Approvals;

/// <summary>Twenty people on two nodes act on one request in the same moment.</summary>
public sealed class SameMomentTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    static readonly string[] Ends = ["approval.granted", "approval.denied", "request.withdrawn"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Exactly_one_of_twenty_wins(int round)
    {
        await using var second = PortalHost.On(Database, Cloud);
        var request = await Given.SubmittedAsync(Node, Given.Rule());
        using var start = new ManualResetEventSlim();

        var acts = Enumerable.Range(0, 20).Select(number => Task.Run(async () =>
        {
            var node = number % 2 == 0 ? Node : second;
            var approver = new Actor($"test:approver-{number}", $"A{number}", [Role.Approver]);
            start.Wait(Token);
            return ((number + round) % 4) switch
            {
                0 => ("request.withdrawn", await node.Requests.WithdrawAsync(request.Id, Given.Developer, Token)),
                1 => ("approval.denied", await node.Approvals.DenyAsync(request.Id, request.PayloadHash, "No", approver, Token)),
                _ => ("approval.granted", await node.Approvals.ApproveAsync(request.Id, request.PayloadHash, null, approver, Token)),
            };
        })).ToList();
        start.Set();
        var outcomes = await Task.WhenAll(acts);

        var (won, _) = Assert.Single(outcomes, outcome => outcome.Item2.IsDone);
        var stored = await Node.RequestAsync(request.Id);
        var expected = won switch
        {
            "request.withdrawn" => (RequestState.Withdrawn, ItemState.Skipped, 0),
            "approval.denied" => (RequestState.Rejected, ItemState.Skipped, 1),
            _ => (RequestState.Approved, ItemState.Queued, 1),
        };
        Assert.All(outcomes.Where(outcome => !outcome.Item2.IsDone), outcome => Assert.Equal(new StateChanged(expected.Item1), outcome.Item2.Refusal));
        Assert.Equal(expected, (stored.State, stored.Items.Single().State, (await Node.Approvals.DecisionsAsync(request.Id, Given.Auditor, Token)).Count));
        Assert.Equal(["request.submitted", won], await Node.AuditOf(request));
        Assert.Single(await Node.TrailAsync(request), row => Ends.Contains(row.Kind));
    }
}
