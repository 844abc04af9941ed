using System.Text.RegularExpressions;
using Portal.Requests;
using Portal.Tests.Support;
using static Portal.Requests.ItemState;

namespace Portal.Tests.Requests;

/// <summary>Every pair of states, and every result: the tables written a second time, by hand.</summary>
public sealed class RequestLifeTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    static readonly (RequestState From, RequestState To)[] AllowedForRequests =
    [
        (RequestState.PendingApproval, RequestState.Approved),
        (RequestState.PendingApproval, RequestState.Rejected),
        (RequestState.PendingApproval, RequestState.Withdrawn),
        (RequestState.Approved, RequestState.InProgress),
        (RequestState.Approved, RequestState.Cancelled),
        (RequestState.Approved, RequestState.Expired),
        (RequestState.InProgress, RequestState.Succeeded),
        (RequestState.InProgress, RequestState.PartlySucceeded),
        (RequestState.InProgress, RequestState.Failed),
        (RequestState.InProgress, RequestState.OutcomeUnknown),
        (RequestState.InProgress, RequestState.NotFollowed),
        (RequestState.OutcomeUnknown, RequestState.InProgress),
        (RequestState.OutcomeUnknown, RequestState.Succeeded),
        (RequestState.OutcomeUnknown, RequestState.PartlySucceeded),
        (RequestState.OutcomeUnknown, RequestState.Failed),
        (RequestState.OutcomeUnknown, RequestState.NotFollowed),
        (RequestState.PartlySucceeded, RequestState.InProgress),
        (RequestState.Failed, RequestState.InProgress),
        (RequestState.NotFollowed, RequestState.InProgress),
    ];

    static readonly (ItemState From, ItemState To)[] AllowedForItems =
    [
        (NotSent, Queued), (NotSent, Skipped),
        (Queued, Sending), (Queued, Failed), (Queued, Skipped), (Queued, Parked), (Queued, NeedsLogin),
        (NeedsLogin, Queued), (NeedsLogin, Skipped), (NeedsLogin, Parked),
        (Sending, Queued), (Sending, Observing), (Sending, Failed), (Sending, Unknown),
        (Observing, Done), (Observing, AlreadyThere), (Observing, Failed), (Observing, Unknown), (Observing, NotFollowed),
        (Unknown, Done), (Unknown, AlreadyThere), (Unknown, Failed), (Unknown, Queued), (Unknown, Parked), (Unknown, NotFollowed),
        (Parked, Queued), (Parked, Unknown), (Parked, Done), (Parked, Failed),
        (Failed, Queued),
    ];

    public static TheoryData<RequestState, RequestState> RequestPairs =>
        [.. from one in Enum.GetValues<RequestState>() from other in Enum.GetValues<RequestState>() where one != other select (one, other)];

    public static TheoryData<ItemState, ItemState> ItemPairs =>
        [.. from one in Enum.GetValues<ItemState>() from other in Enum.GetValues<ItemState>() where one != other select (one, other)];

    [Theory]
    [MemberData(nameof(RequestPairs))]
    public void Request_goes_only_where_the_table_allows(RequestState from, RequestState to)
    {
        var request = RequestIn(from);

        if (AllowedForRequests.Contains((from, to)))
        {
            request.Move(to, Now);
            Assert.Equal((to, Now), (request.State, request.ChangedAt));
        }
        else
        {
            Assert.Throws<InvalidOperationException>(() => request.Move(to, Now));
            Assert.Equal(from, request.State);
        }
    }

    [Theory]
    [MemberData(nameof(ItemPairs))]
    public void Item_goes_only_where_the_table_allows(ItemState from, ItemState to)
    {
        var item = ItemIn(from);

        if (AllowedForItems.Contains((from, to)))
        {
            Lead(item, to);
            Assert.Equal(to, item.State);
        }
        else if (to != NotSent)
        {
            Assert.Throws<InvalidOperationException>(() => Lead(item, to));
            Assert.Equal(from, item.State);
        }

        // Nothing at all leads back to the beginning.
        Assert.DoesNotContain(NotSent, RequestLife.ItemFollowers[from]);
    }

    [Fact]
    public void Staying_is_no_transition()
    {
        var request = RequestIn(RequestState.Succeeded);

        request.Move(RequestState.Succeeded, Now);

        Assert.Equal(default, request.ChangedAt);
    }

    [Fact]
    public void Final_is_what_nothing_follows()
    {
        Assert.Equal(
            [RequestState.Succeeded, RequestState.Rejected, RequestState.Withdrawn, RequestState.Cancelled, RequestState.Expired],
            Enum.GetValues<RequestState>().Where(RequestLife.IsFinal));
        Assert.Equal([Done, AlreadyThere, Skipped, NotFollowed], Enum.GetValues<ItemState>().Where(RequestLife.IsFinal));
    }

    [Fact]
    public void Ended_is_what_only_a_person_moves_on()
    {
        Assert.Equal(
            [RequestState.PendingApproval, RequestState.Approved, RequestState.InProgress, RequestState.OutcomeUnknown],
            Enum.GetValues<RequestState>().Where(state => !RequestLife.HasEnded(state)));
        Assert.All(RequestLife.Retryable, state => Assert.Equal([RequestState.InProgress], RequestLife.RequestFollowers[state]));
    }

    [Theory]
    [InlineData(RequestState.Succeeded, Done)]
    [InlineData(RequestState.Succeeded, AlreadyThere)]
    [InlineData(RequestState.Succeeded, Done, AlreadyThere, Done)]
    [InlineData(RequestState.Failed, Failed)]
    [InlineData(RequestState.Failed, Failed, Failed)]
    [InlineData(RequestState.Failed, Failed, Skipped)]
    [InlineData(RequestState.PartlySucceeded, Done, Failed)]
    [InlineData(RequestState.PartlySucceeded, Failed, AlreadyThere, Failed)]
    [InlineData(RequestState.OutcomeUnknown, Unknown)]
    [InlineData(RequestState.OutcomeUnknown, Done, Unknown, Failed)]
    [InlineData(RequestState.OutcomeUnknown, Parked, Done)]
    [InlineData(RequestState.OutcomeUnknown, Unknown, NotFollowed)]
    [InlineData(RequestState.NotFollowed, NotFollowed)]
    [InlineData(RequestState.NotFollowed, NotFollowed, Done, Failed)]
    [InlineData(RequestState.InProgress, Queued)]
    [InlineData(RequestState.InProgress, Sending)]
    [InlineData(RequestState.InProgress, NeedsLogin)]
    [InlineData(RequestState.InProgress, Observing)]
    [InlineData(RequestState.InProgress, Unknown, Queued)]
    [InlineData(RequestState.InProgress, Done, Failed, Observing)]
    public void Result_of_these_items_is(RequestState expected, params ItemState[] items) => Assert.Equal(expected, RequestLife.ResultOf(items));

    [Fact]
    public void Result_of_up_to_three_items_follows_the_order_moving_unknown_mixed()
    {
        var states = Enum.GetValues<ItemState>();
        var sets = states.Select(one => new[] { one })
            .Concat(from one in states from other in states select new[] { one, other })
            .Concat(from one in states from other in states from third in states select new[] { one, other, third });

        foreach (var set in sets)
        {
            var result = RequestLife.ResultOf(set);
            Assert.Equal(set.Any(item => item is Queued or NeedsLogin or Sending or Observing), result == RequestState.InProgress);
            if (result != RequestState.InProgress)
            {
                Assert.Equal(set.Any(item => item is Unknown or Parked), result == RequestState.OutcomeUnknown);
                Assert.Equal(set.All(item => item is Done or AlreadyThere), result == RequestState.Succeeded);
                Assert.Equal(set.All(item => item is Failed or Skipped or NotSent), result == RequestState.Failed);
            }

            // The order of the items says nothing.
            Assert.Equal(result, RequestLife.ResultOf([.. set.Reverse()]));
        }
    }

    [Fact]
    public void Final_states_of_the_schema_are_those_of_the_table()
    {
        var sql = File.ReadAllText(Path.Combine(Repository.Root, "migrations/sql/dispatching.sql"));

        Assert.Equal(
            Enum.GetValues<RequestState>().Where(RequestLife.IsFinal).Select(state => state.ToString()).Order(StringComparer.Ordinal),
            ListIn(sql, "keep_final_request"));
        Assert.Equal(
            Enum.GetValues<ItemState>().Where(RequestLife.IsFinal).Select(state => state.ToString()).Order(StringComparer.Ordinal),
            ListIn(sql, "keep_final_item"));
        Assert.Equal(RequestLife.Retryable.Select(state => state.ToString()).Order(StringComparer.Ordinal), ListIn(sql, "keep_final_request", skip: 1));
    }

    static IEnumerable<string> ListIn(string sql, string function, int skip = 0)
    {
        var body = sql[sql.IndexOf($"portal.{function}()", StringComparison.Ordinal)..];
        var list = Regex.Matches(body, @"old\.state in \(([^)]*)\)")[skip].Groups[1].Value;
        return Regex.Matches(list, "'([A-Za-z]+)'").Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);
    }

    static Request RequestIn(RequestState state)
    {
        var request = new Request
        {
            Id = Guid.CreateVersion7(),
            Kind = "k",
            RequesterId = "r",
            RequesterName = "R",
            Reason = "x",
            Subject = "s",
            Payload = "{}",
            PayloadHash = "h",
            Policy = "one-approval/1",
            Findings = "[]",
        };
        typeof(Request).GetProperty(nameof(Request.State))!.SetValue(request, state);
        return request;
    }

    static RequestItem ItemIn(ItemState state)
    {
        var item = new RequestItem { Id = Guid.CreateVersion7(), RequestId = Guid.CreateVersion7(), Part = "", Target = "t", Lane = "l", Operation = "o", RequesterId = "r" };
        typeof(RequestItem).GetProperty(nameof(RequestItem.State))!.SetValue(item, state);
        return item;
    }

    /// <summary>The transition that leads to a state, as the portal calls it.</summary>
    static void Lead(RequestItem item, ItemState to)
    {
        switch (to)
        {
            case Queued when item.State == NotSent:
                item.Queue(Now, Now);
                break;
            case Queued when item.State == NeedsLogin:
                item.HoldForLogin(Now, Now, "n");
                break;
            case NeedsLogin:
                item.AskForLogin("n");
                break;
            case Queued when item.State == Failed:
                item.Requeue(Now, Now, "n");
                break;
            case Queued:
                item.SendAgain(Now, SentLight.No, "n");
                break;
            case Sending:
                item.BeginSending(Now, Now, baseline: null);
                break;
            case Observing:
                item.Observe(SentLight.Accepted, alreadySo: false, Now, Now, "n");
                break;
            case Unknown:
                item.BecomeUnknown(Now, Now, "n");
                break;
            case Parked:
                item.Park("n");
                break;
            case NotFollowed:
                item.StopFollowing("n");
                break;
            case Skipped:
                item.Skip();
                break;
            default:
                item.End(to, SentLight.Accepted, ProvedLight.Proved, "n", evidence: null);
                break;
        }
    }
}
