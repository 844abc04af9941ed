using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Kinds;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Requests;

/// <summary>A password is sealed while it waits, arrives in the cloud, and is then nowhere.</summary>
public sealed class LoginTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    const string UserName = "canary-user-7f3a91";
    const string Password = "canary/pässword+4c2b88";

    static readonly Wish WithLogin = Given.Mirror().With("loginGiven", true);

    protected override (string Name, string Value)[] Settings => [("Requests:MirrorPasswords", "Sealed"), ("Requests:DayKeyFolder", Folder)];

    static LoginInput Login => new(UserName, Password);

    [Fact]
    public async Task Login_is_refused_where_it_is_not_allowed()
    {
        await using var usual = PortalHost.On(Database, Cloud);

        await AssertProblemAsync(usual, WithLogin, Login, "Field.LoginNotAllowed");
    }

    [Fact]
    public async Task Login_that_does_not_fit_what_the_payload_says_is_refused()
    {
        await AssertProblemAsync(Node, WithLogin, null, "Field.LoginMissing");
        await AssertProblemAsync(Node, Given.Mirror(), Login, "Field.LoginMissing");
        await AssertProblemAsync(Node, Given.Rule(), Login, "Field.LoginMissing");
        await AssertProblemAsync(Node, WithLogin, new LoginInput("", Password), "Field.LoginLength");
        await AssertProblemAsync(Node, WithLogin, new LoginInput(UserName, ""), "Field.LoginLength");
        await AssertProblemAsync(Node, WithLogin, new LoginInput(new string('u', 201), Password), "Field.LoginLength");
        await AssertProblemAsync(Node, WithLogin, new LoginInput(UserName, new string('p', 501)), "Field.LoginLength");
    }

    [Fact]
    public async Task Login_waits_sealed_for_its_own_request_and_opens_on_another_node()
    {
        await Given.SubmittedAsync(Node, WithLogin, login: Login);
        await using var second = PortalHost.On(Database, Cloud, Settings);

        await using var db = Node.Open();
        var row = Assert.Single(db.SealedLogins);
        Assert.NotNull(second.Get<LoginSeal>().Open(row));
        await AssertNowhereAsync();
    }

    [Fact]
    public async Task Login_that_was_copied_or_changed_does_not_open()
    {
        var seal = Node.Get<LoginSeal>();
        var (request, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var row = seal.Seal(request, Login);
        var foreign = seal.Seal(other, Login);
        static byte[] Turned(byte[] bytes, int at)
        {
            byte[] turned = [.. bytes];
            turned[at] ^= 1;
            return turned;
        }

        SealedLogin With(Guid? id = null, short? version = null, DateOnly? day = null, byte[]? key = null, byte[]? user = null, byte[]? password = null) => new()
        {
            RequestId = id ?? row.RequestId,
            Version = version ?? row.Version,
            Day = day ?? row.Day,
            WrappedKey = key ?? row.WrappedKey,
            UserName = user ?? row.UserName,
            Password = password ?? row.Password,
        };

        Assert.NotNull(seal.Open(With()));
        Assert.Null(seal.Open(With(id: other)));
        Assert.Null(seal.Open(With(version: 3)));
        Assert.Null(seal.Open(With(user: row.Password, password: row.UserName)));
        Assert.Null(seal.Open(With(key: foreign.WrappedKey, user: foreign.UserName, password: foreign.Password)));
        Assert.Null(seal.Open(With(key: foreign.WrappedKey)));
        Assert.Null(seal.Open(With(day: row.Day.AddDays(-1))));
        Assert.Null(seal.Open(With(password: [1, 2, 3])));
        Assert.All(Enumerable.Range(0, row.Password.Length), at => Assert.Null(seal.Open(With(password: Turned(row.Password, at)))));
        Assert.All(Enumerable.Range(0, row.WrappedKey.Length), at => Assert.Null(seal.Open(With(key: Turned(row.WrappedKey, at)))));
        // The same login twice is not the same twice.
        Assert.NotEqual(row.Password[28..], seal.Seal(request, Login).Password[28..]);
    }

    [Fact]
    public async Task Login_arrives_in_the_cloud_and_is_erased_when_sent()
    {
        var request = await Given.ApprovedAsync(Node, WithLogin, login: Login);
        Assert.Equal(1, await WaitingAsync());

        await Node.WorkAsync();

        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
        Assert.Contains(Base64(Password), Assert.Single(await Cloud.InboxAsync()), StringComparison.Ordinal);
        Assert.Contains("***", Assert.Single(await Node.SendsAsync(request)).Body, StringComparison.Ordinal);
        Assert.Equal(0, await WaitingAsync());
        await AssertNowhereAsync();
    }

    [Fact]
    public async Task Login_is_erased_when_denied_and_when_withdrawn()
    {
        var denied = await Given.SubmittedAsync(Node, WithLogin, login: Login);
        Assert.True((await Node.Approvals.DenyAsync(denied.Id, denied.PayloadHash, "No", Given.Approver, Token)).IsDone);
        Assert.Equal(0, await WaitingAsync());

        var withdrawn = await Given.SubmittedAsync(Node, WithLogin, login: Login);
        Assert.True((await Node.Requests.WithdrawAsync(withdrawn.Id, Given.Developer, Token)).IsDone);
        Assert.Equal(0, await WaitingAsync());
        await AssertNowhereAsync();
    }

    [Theory]
    [InlineData(403, true)]
    [InlineData(500, true)]
    [InlineData(429, false)]
    public async Task Login_is_erased_after_an_answer_unless_it_is_sent_again(int status, bool erased)
    {
        await Cloud.FaultAsync(new { status, code = "CH.000000", message = "no", match = new { method = "POST" } });
        var request = await Given.ApprovedAsync(Node, WithLogin, login: Login);

        await Node.Dispatcher.DispatchNextAsync(Token);
        Assert.Equal(erased ? 0 : 1, await WaitingAsync());

        await Node.PassWaitAsync(request);
        await Node.WorkAsync();
        Assert.Equal(0, await WaitingAsync());
        await AssertNowhereAsync();
    }

    [Fact]
    public async Task Login_is_erased_when_its_sender_died()
    {
        await Cloud.FaultAsync("hold-before-effect", "remote-mirror", "POST");
        var request = await Given.ApprovedAsync(Node, WithLogin, login: Login);
        var sending = Node.Dispatcher.DispatchNextAsync(Token);
        await Cloud.WhenWaitingAsync();

        await Node.PassLeaseAsync(request);
        Assert.True(await Node.Observer.ObserveNextAsync(Token));

        Assert.Equal(0, await WaitingAsync());
        await Cloud.ClearFaultsAsync();
        Assert.True(await sending);
    }

    [Fact]
    public async Task Login_whose_key_is_lost_is_asked_for_again_and_then_sent()
    {
        var request = await Given.ApprovedAsync(Node, WithLogin, login: Login);
        Assert.NotEmpty(Node.Get<DayKeys>().DestroyBefore(DateOnly.MaxValue));

        await Node.WorkAsync();

        var item = await Node.ItemAsync(request);
        Assert.Equal((ItemState.NeedsLogin, SentLight.No, "Note.LoginLost"), (item.State, item.Sent, item.Note));
        Assert.Equal(RequestState.Approved, (await Node.RequestAsync(request.Id)).State);
        Assert.Empty(await Node.SendsAsync(request));
        Assert.Equal(0, await WaitingAsync());

        Assert.True((await Node.Get<GiveLoginService>().GiveAsync(request.Id, Login, Given.Developer, Token)).IsDone);
        Assert.True(await Node.DispatchGivenAsync());
        await Node.WorkAsync();

        Assert.Equal(ItemState.Done, (await Node.ItemAsync(request)).State);
        Assert.Contains(Base64(Password), Assert.Single(await Cloud.InboxAsync()), StringComparison.Ordinal);
        Assert.Equal(
            ["request.submitted", "approval.granted", "request.login_needed", "request.login_given", "dispatch.recorded", "dispatch.accepted", "observe.confirmed"],
            await Node.AuditOf(request));
        await AssertNowhereAsync();
    }

    [Fact]
    public async Task Login_that_waited_too_long_is_erased_and_told_and_its_days_key_destroyed()
    {
        var sweeper = Node.Get<LoginSweeper>();
        var request = await Given.SubmittedAsync(Node, WithLogin, login: Login);
        Assert.Equal(0, await sweeper.SweepAsync(Token));
        Assert.Equal(1, await WaitingAsync());
        await Database.OwnerAsync("update portal.sealed_login set sealed_at = now() - interval '73 hours'");
        var old = Node.Get<DayKeys>();
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        Array.ForEach(Enumerable.Range(1, 6).ToArray(), age => old.ForSealing(today.AddDays(-age)));

        Assert.Equal(1, await sweeper.SweepAsync(Token));

        Assert.Equal(0, await WaitingAsync());
        Assert.Equal(["request.submitted", "request.login_erased"], await Node.AuditOf(request));
        // 72 hours after the end of a day it is over for good.
        Assert.All([0, 1, 2, 3], age => Assert.NotNull(old.Find(today.AddDays(-age))));
        Assert.All([4, 5, 6], age => Assert.Null(old.Find(today.AddDays(-age))));
        Assert.Equal(0, await sweeper.SweepAsync(Token));
    }

    [Fact]
    public async Task Row_that_a_crash_left_behind_does_not_open_once_its_day_is_destroyed()
    {
        await Given.SubmittedAsync(Node, WithLogin, login: Login);
        await using var db = Node.Open();
        var copy = Assert.Single(db.SealedLogins.AsNoTracking());
        var files = Directory.GetFiles(Folder);
        Assert.NotNull(Node.Get<LoginSeal>().Open(copy));

        Node.Get<DayKeys>().DestroyBefore(DateOnly.MaxValue);

        Assert.Null(Node.Get<LoginSeal>().Open(copy));
        Assert.NotEmpty(files);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Login_that_the_cloud_echoes_is_not_kept()
    {
        await Cloud.FaultAsync(new
        {
            status = 400,
            code = "CH.010001",
            message = $"cannot log in as {UserName} with {Password} ({Base64(UserName)}, {Base64(Password)})",
            match = new { method = "POST" },
        });
        var request = await Given.ApprovedAsync(Node, WithLogin, login: Login);

        await Node.WorkAsync();

        var send = Assert.Single(await Node.SendsAsync(request));
        Assert.Equal(400, send.HttpStatus);
        Assert.Contains("cannot log in as ***", send.ErrorMessage, StringComparison.Ordinal);
        await AssertNowhereAsync();
    }

    async Task AssertProblemAsync(PortalHost node, Wish wish, LoginInput? login, string wordKey)
    {
        var outcome = await node.Requests.SubmitAsync(new SubmitInput(wish.Kind, wish.Payload, Given.Reason, login), Given.Developer, Token);

        var problem = Assert.Single(Assert.IsType<InputInvalid>(outcome.Refusal).Problems);
        Assert.Equal(("login", wordKey), (problem.Field, problem.WordKey));
        Assert.Equal(0, await Database.ValueAsync<long>("select count(*) from portal.request"));
    }

    Task<long> WaitingAsync() => Database.ValueAsync<long>("select count(*) from portal.sealed_login");

    async Task AssertNowhereAsync()
    {
        var rows = await Database.EverythingAsync();
        Assert.NotEmpty(rows);
        foreach (var secret in new[] { UserName, Password })
        {
            foreach (var written in new[] { secret, Base64(secret), Uri.EscapeDataString(secret), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)) })
            {
                Assert.DoesNotContain(rows, row => row.Contains(written, StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
