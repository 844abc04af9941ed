using Portal.Approvals;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Approvals;

/// <summary>A rule and the copy of what is there now, submitted together: one decision is about both.</summary>
public sealed class PairTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task One_approval_moves_both()
    {
        await Cloud.PaceAsync(jobSeconds: 0);
        var (first, second) = await SubmittedAsync();

        Assert.True((await Node.Approvals.ApproveAsync(first.Id, first.PayloadHash, null, Given.Approver, Token)).IsDone);
        await Node.WorkAsync();

        Assert.Equal(
            (RequestState.Succeeded, RequestState.Succeeded),
            ((await Node.RequestAsync(first.Id)).State, (await Node.RequestAsync(second.Id)).State));
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Rule().Target));
        Assert.Equal(6, (await Cloud.EffectsAsync()).Where(effect => effect.Key.StartsWith(Given.CopyTags().Target, StringComparison.Ordinal)).Sum(effect => effect.Value));
        Assert.Equal(["request.submitted", "approval.granted"], (await Node.AuditOf(second)).Take(2));
    }

    [Fact]
    public async Task One_denial_closes_both()
    {
        var (first, second) = await SubmittedAsync();

        Assert.True((await Node.Approvals.DenyAsync(first.Id, first.PayloadHash, "Not now", Given.Approver, Token)).IsDone);
        await Node.WorkAsync();

        Assert.Equal(
            (RequestState.Rejected, RequestState.Rejected),
            ((await Node.RequestAsync(first.Id)).State, (await Node.RequestAsync(second.Id)).State));
        Assert.Empty(await Cloud.EffectsAsync());
        Assert.Equal(["request.submitted", "approval.denied"], await Node.AuditOf(second));
    }

    [Fact]
    public async Task Second_cannot_be_decided_alone_and_waits_in_no_inbox()
    {
        var (first, second) = await SubmittedAsync();

        Assert.IsType<DecidedWithItsPair>((await Node.Approvals.ApproveAsync(second.Id, second.PayloadHash, null, Given.Approver, Token)).Refusal);

        Assert.Equal([first.Id], (await Node.Reader.WaitingForAsync(Given.Approver, Token)).Select(row => row.Id));
        Assert.Equal(1, await Node.Reader.CountWaitingForAsync(Given.Approver, Token));
    }

    [Fact]
    public async Task Each_knows_the_other()
    {
        var (first, second) = await SubmittedAsync();

        Assert.Equal(second.Id, (await Node.Reader.FindAsync(first.Id, Given.Approver, Token)).Value.Pair!.Id);
        Assert.Equal(first.Id, (await Node.Reader.FindAsync(second.Id, Given.Approver, Token)).Value.Pair!.Id);
    }

    [Fact]
    public async Task Copy_that_there_is_no_need_for_cannot_be_asked_for()
    {
        var outcome = await Node.Requests.SubmitAsync(
            new SubmitInput("keep-copying", Given.Rule(syncAuto: false).Payload, Given.Reason, WithCompanion: true), Given.Developer, Token);

        Assert.IsType<NoCompanion>(outcome.Refusal);
        Assert.Equal(0, await Database.ValueAsync<long>("select count(*) from portal.request"));
    }

    async Task<(Request First, Request Second)> SubmittedAsync()
    {
        var outcome = await Node.Requests.SubmitAsync(
            new SubmitInput("keep-copying", Given.Rule().Payload, Given.Reason, WithCompanion: true), Given.Developer, Token);
        Assert.True(outcome.IsDone, $"{outcome.Refusal}");
        var pair = (await Node.Reader.FindAsync(outcome.Value.Id, Given.Developer, Token)).Value.Pair!;
        Assert.Equal(("copy-tags", outcome.Value.Id, Given.Reason), (pair.Kind, pair.PairedWith!.Value, pair.Reason));
        return (outcome.Value, pair);
    }
}
