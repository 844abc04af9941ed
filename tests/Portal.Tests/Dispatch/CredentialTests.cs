using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Dispatch;

/// <summary>With a password, a token that ran out is renewed once; then it is a failure.</summary>
public sealed class CredentialTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    protected override (string Name, string Value)[] Settings => [("Huawei:Authentication", "Password")];

    [Theory]
    [InlineData("token-must-be-updated", "sync_repo")]
    [InlineData("swr-authentication-failed", "sync_repo")]
    [InlineData("token-must-be-updated", "remote-mirror")]
    public async Task Token_that_ran_out_is_renewed_and_the_call_is_made_once(string preset, string path)
    {
        var wish = path == "sync_repo" ? Given.Rule() : Given.Mirror();
        var request = await Given.ApprovedAsync(Node, wish);
        await Cloud.FaultAsync(preset, path, "POST");
        var before = await LoginsAsync();

        await Node.WorkAsync();

        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
        Assert.Equal([401, 200], (await Node.SendsAsync(request)).Select(send => send.HttpStatus!.Value));
        Assert.Equal(before + 1, await LoginsAsync());
        Assert.Equal(
            ["request.submitted", "approval.granted", "dispatch.recorded", "dispatch.refused", "dispatch.recorded", "dispatch.accepted", "observe.confirmed"],
            await Node.AuditOf(request));
        Assert.Equal(1, await Cloud.EffectsAsync(wish.Target));
    }

    [Fact]
    public async Task Tokens_withdrawn_in_the_cloud_are_renewed_for_looks_and_sends()
    {
        var request = await Given.ApprovedAsync(Node, Given.Mirror());
        await Cloud.InvalidateTokensAsync();

        await Node.WorkAsync();

        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Mirror().Target));
    }

    [Fact]
    public async Task Token_refused_again_after_the_renewal_fails_the_item()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await Cloud.FaultAsync("token-must-be-updated", "sync_repo", "POST", times: 99);

        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Failed, 401, "APIGW.0307", "Note.CredentialRefused"), (item.State, item.HttpStatus, item.ErrorCode, item.Note));
        Assert.Equal(2, (await Node.SendsAsync(request)).Count);
        Assert.Empty(await Cloud.EffectsAsync());
    }

    [Fact]
    public async Task Missing_right_that_wears_a_401_is_not_renewed()
    {
        var request = await Given.ApprovedAsync(Node, Given.Mirror());
        await Cloud.FaultAsync("membership-ended", "remote-mirror", "POST", times: 99);
        var before = await LoginsAsync();

        await Node.WorkAsync();

        Assert.Equal("Note.NoPermission", (await Node.ItemAsync(request)).Note);
        Assert.Single(await Node.SendsAsync(request));
        Assert.Equal(before, await LoginsAsync());
    }

    [Fact]
    public async Task Login_that_is_refused_sends_nothing_and_is_tried_again()
    {
        var request = await Given.ApprovedAsync(Node, Given.Rule());
        await using var wrong = PortalHost.On(Database, Cloud, [.. Settings, ("Huawei:Password", "wrong-password-canary")]);

        await wrong.Dispatcher.DispatchNextAsync(Token);

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.Queued, "Note.NotSent"), (item.State, item.Note));
        Assert.DoesNotContain(await Database.EverythingAsync(), row => row.Contains("wrong-password-canary", StringComparison.Ordinal));
        await Node.PassWaitAsync(request);
        await Node.WorkAsync();
        Assert.Equal(1, await Cloud.EffectsAsync(Given.Rule().Target));
    }

    async Task<int> LoginsAsync() => (await Cloud.CallsAsync()).Count(call => call!["path"]!.GetValue<string>().Contains("/v3/auth/tokens", StringComparison.Ordinal));
}
