using Npgsql;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Requests;

/// <summary>What ended stays ended, also for SQL that goes round the portal.</summary>
public sealed class FinalStateTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Request_in_a_final_state_cannot_be_moved_by_anybody()
    {
        await Given.SubmittedAsync(Node, Given.Rule());
        foreach (var final in Enum.GetValues<RequestState>().Where(RequestLife.IsFinal))
        {
            await PutAsync("request", final.ToString());
            foreach (var other in Enum.GetValues<RequestState>().Where(state => state != final))
            {
                await AssertKeptAsync($"update portal.request set state = '{other}'");
            }
        }
    }

    [Fact]
    public async Task Item_in_a_final_state_cannot_be_moved_by_anybody()
    {
        await Given.SubmittedAsync(Node, Given.Rule());
        foreach (var final in Enum.GetValues<ItemState>().Where(RequestLife.IsFinal))
        {
            await PutAsync("request_item", final.ToString());
            foreach (var other in Enum.GetValues<ItemState>().Where(state => state != final))
            {
                await AssertKeptAsync($"update portal.request_item set state = '{other}'");
            }
        }
    }

    [Fact]
    public async Task State_that_is_not_final_can_be_moved()
    {
        await Given.SubmittedAsync(Node, Given.Rule());

        await Database.AppAsync("update portal.request set state = 'OutcomeUnknown'");
        await Database.AppAsync("update portal.request_item set state = 'Unknown'");

        Assert.Equal("OutcomeUnknown", await Database.ValueAsync<string>("select state from portal.request"));
    }

    // The owner can switch the guard off to prepare the state, which shows in the catalogue; then it guards again.
    Task PutAsync(string table, string state) => Database.OwnerAsync(
        $"""
        alter table portal.{table} disable trigger keep_final;
        update portal.{table} set state = '{state}';
        alter table portal.{table} enable trigger keep_final;
        """);

    async Task AssertKeptAsync(string sql)
    {
        foreach (var source in new[] { Database.App, Database.Owner })
        {
            await using var command = source.CreateCommand(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Token));
            Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
        }
    }
}
