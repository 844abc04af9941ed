using System.Text;
using Npgsql;
using Portal.Tests.Support;

namespace Portal.BrowserTests.Secrets;

/// <summary>
/// A password goes through everything that can happen to one, and is then looked for wherever something could have been left: logs, dump,
/// data files, WAL, exports, other people's pages. It takes a minute or two: ./test.sh --canary runs it. That the search finds what is there is shown with a word that is.
/// </summary>
public sealed class CanaryTests(PortalFixture fixture) : BrowserTest(fixture), IAsyncLifetime
{
    const int First = 2111733;
    const int Second = 2111734;
    const string Password = "Canary/pä+ssw0rd~<7f3a91>";
    const string UserName = "canary-user=4c2b88";
    const string Control = "Control/wörd+that~<is-there>";

    readonly DayKeyFolder keys = new();
    PostgresCluster cluster = null!;
    PortalDatabase database = null!;
    SimulatorProcess simulator = null!;
    PortalProcess portal = null!;

    protected override PortalProcess Portal => portal;

    protected override PortalDatabase Database => database;

    protected override SimulatorProcess Simulator => simulator;

    [Fact(Explicit = true)]
    public async Task Password_of_a_mirror_is_found_nowhere_but_in_the_cloud()
    {
        var (approver, auditor) = (await SignInAsync("Approver", "/approvals"), await SignInAsync("Auditor", "/audit"));
        var (overheard, audited) = (new Overheard(approver.Page), new Overheard(auditor.Page));
        await approver.Page.ReloadAsync();
        await auditor.Page.ReloadAsync();
        var developer = await SignInAsync("Developer");

        // Sealed: given with the request. The cloud says no and repeats it; it is typed again, and the mirror itself fails.
        await FillAsync(developer.Page, First);
        await TypeLoginAsync(developer.Page);
        var request = await developer.Page.SubmitAsync();
        var row = Assert.Single(await database.RowsAsync("select wrapped_key, password, day, request_id from portal.sealed_login"));
        await Simulator.FaultAsync(new
        {
            status = 403,
            code = "CH.000403",
            message = $"no access for {UserName} with {Password} ({Convert.ToBase64String(Encoding.UTF8.GetBytes(Password))})",
            match = new { method = "POST", pathContains = "remote-mirror" },
        });
        await approver.Page.ApproveAsync(request);
        await RetryAsync(developer.Page, fails: true);
        await RetryAsync(developer.Page, fails: false);
        Assert.Equal(Password, DayKeyFolder.Open(row, Assert.Single(keys.Keys)));
        Assert.Equal(0L, await database.ValueAsync<long>("select count(*) from portal.sealed_login"));

        // A node that takes passwords after the approval; its first round of housekeeping destroys the key, which is made to look old.
        keys.MakeOld();
        await using var late = await PortalProcess.StartAsync(
            database, simulator, [.. Settings.Where(setting => setting.Name != "Requests__MirrorPasswords"), ("Requests__MirrorPasswords", "AfterApproval")]);
        await using var lateDeveloper = await Person.ArriveAsync(Fixture.Browser, late.Address);
        await lateDeveloper.SignInAsync("Developer");
        await FillAsync(lateDeveloper.Page, Second);
        await lateDeveloper.Page.Field("With user name and password").CheckAsync();
        var second = await lateDeveloper.Page.SubmitAsync();
        await Expect(lateDeveloper.Page.Button("Run now")).ToHaveCountAsync(0);
        // The node that decides says how the password comes: both know the same setting in a real installation.
        await using var lateApprover = await Person.ArriveAsync(Fixture.Browser, late.Address);
        await lateApprover.SignInAsync("Approver");
        await lateApprover.Page.ApproveAsync(second);
        await TypeLoginAsync(lateDeveloper.Page);
        await lateDeveloper.Page.Button("Run now").ClickAsync();
        await Expect(lateDeveloper.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Succeeded" })).ToHaveCountAsync(1);

        // What others see: the requests, the trail, the exports, the pages of errors.
        foreach (var path in new[] { $"/requests/{request}", $"/requests/{second}", $"/audit?q={request}", "/requests" })
        {
            await auditor.Page.GotoAsync(path);
            await auditor.Page.Locator("h1").First.WaitForAsync();
        }

        await approver.Page.GotoAsync($"/approvals/{second}");
        await approver.Page.Locator("h1").First.WaitForAsync();
        await ProvokeServerLogAsync();
        Dictionary<string, byte[]> places = new()
        {
            ["log of the portal"] = Utf8(string.Join('\n', portal.Said)),
            ["log of the late node"] = Utf8(string.Join('\n', late.Said)),
            ["log of PostgreSQL"] = await ReadAsync(cluster.Log),
            ["approver's browser"] = await overheard.BytesAsync(),
            ["auditor's browser"] = await audited.BytesAsync(),
            ["export as CSV"] = await GetAsync(auditor.Page, "/audit/export.csv"),
            ["export as JSONL"] = await GetAsync(auditor.Page, "/audit/export.jsonl"),
            ["page of an error"] = await GetAsync(auditor.Page, "/error"),
            ["page of nothing"] = await GetAsync(auditor.Page, $"/requests/{Guid.CreateVersion7()}"),
            ["folder of the day keys"] = [.. keys.Files.Where(File.Exists).SelectMany(File.ReadAllBytes)],
            ["dump"] = await ReadAsync(await cluster.DumpAsync(database.Name)),
        };
        await using (var server = NpgsqlDataSource.Create(cluster.Connection))
        {
            await server.RowsAsync("checkpoint");
        }

        var files = Directory.GetFiles(cluster.Folder, "*", SearchOption.AllDirectories);
        var wal = files.Where(file => file.Contains("/pg_wal/", StringComparison.Ordinal)).ToList();
        places["WAL"] = await ReadAsync([.. wal]);
        places["data files"] = await ReadAsync([.. files.Except(wal)]);
        var inbox = Utf8(string.Join('\n', await Simulator.InboxAsync()));

        Judge(places, inbox);
        // The ciphertext of the deleted row is still in the files, and no key that is left opens it.
        var left = places.Where(place => place.Value.AsSpan().IndexOf((byte[])row[1]!) >= 0).Select(place => place.Key).ToList();
        Report($"ciphertext of the deleted row is still in: {string.Join(", ", left)}; keys left that open it: {keys.Files.Count(file => DayKeyFolder.Opens(row, file))} of {keys.Files.Count}");
        Assert.Contains("WAL", left);
        Assert.DoesNotContain(keys.Files, file => DayKeyFolder.Opens(row, file));
        portal.TakeErrors();
    }

    static void Judge(Dictionary<string, byte[]> places, byte[] inbox)
    {
        var (password, user, control) = (new Needles(Password), new Needles(UserName), new Needles(Control));
        List<string> hits = [];
        foreach (var (name, bytes) in places)
        {
            var found = password.In(bytes).Select(dress => $"password {dress}").Concat(user.In(bytes).Select(dress => $"user name {dress}")).ToList();
            var there = control.In(bytes);
            // Each dress, put into this place, is found.
            var planted = control.All.Count(needle => Planted(bytes, needle.Bytes).AsSpan().IndexOf(needle.Bytes) >= 0);
            Report($"{name,-24} {bytes.Length,12} bytes  {password.Count + user.Count} dresses  {found.Count} hits  control {(there.Count == 0 ? "-" : string.Join(", ", there.Distinct()))}; planted {planted} of {control.Count} found");
            hits.AddRange(found.Select(dress => $"{name}: {dress}"));
            Assert.Equal(control.Count, planted);
        }

        Report($"{places.Count} places, {places.Values.Sum(bytes => (long)bytes.Length)} bytes, {hits.Count} hits");
        Assert.Empty(hits);
        Assert.Contains("base64+0", password.In(inbox));
        Assert.Contains("base64+0", user.In(inbox));
        // The reason is a text that may be seen: where it has to be it is found, so that "not found" means something.
        foreach (var place in new[] { "approver's browser", "auditor's browser", "export as CSV", "export as JSONL", "dump", "WAL", "data files", "log of PostgreSQL" })
        {
            Assert.NotEmpty(control.In(places[place]));
        }
    }

    static byte[] Planted(byte[] place, byte[] word)
    {
        var part = place.AsSpan(0, Math.Min(place.Length, 1 << 16));
        return [.. part[..(part.Length / 2)], .. word, .. part[(part.Length / 2)..]];
    }

    async Task RetryAsync(IPage page, bool fails)
    {
        await page.Button("Send failed again (1)").ClickAsync();
        await page.Button("Run now").WaitForAsync();
        if (fails)
        {
            await Simulator.ScriptMirrorAsync(
                "cn-north-4", First, fail: true, $"fatal: unable to access 'https://{Uri.EscapeDataString(UserName)}:{Uri.EscapeDataString(Password)}@git.example/x.git': 403");
        }

        await TypeLoginAsync(page);
        await page.Button("Run now").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = fails ? "Failed" : "Succeeded" })).ToHaveCountAsync(1);
    }

    static async Task FillAsync(IPage page, int repository) => await page.FillMirrorAsync(repository, Control);

    static async Task TypeLoginAsync(IPage page)
    {
        await page.Field("User name").FillAsync(UserName);
        await page.Field("Password").FillAsync(Password);
    }

    // With the server's own settings a statement that fails is logged as it was sent.
    async Task ProvokeServerLogAsync()
    {
        await using var server = NpgsqlDataSource.Create(cluster.Connection);
        await Assert.ThrowsAsync<PostgresException>(() => server.RowsAsync($"select 1/0 /* {Control} */"));
    }

    async Task<byte[]> GetAsync(IPage page, string path) => await (await page.APIRequest.GetAsync(Portal.Address + path)).BodyAsync();

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    static async Task<byte[]> ReadAsync(params string[] files)
    {
        using var all = new MemoryStream();
        foreach (var file in files)
        {
            await all.WriteAsync(await File.ReadAllBytesAsync(file));
        }

        return all.ToArray();
    }

    (string Name, string Value)[] Settings =>
    [
        ("Requests__MirrorPasswords", "Sealed"), ("Requests__DayKeyFolder", keys.Path), ("Dispatch__PollSeconds", "0.2"), ("Logging__LogLevel__Default", "Trace"),
        ("Logging__LogLevel__Microsoft.AspNetCore", "Trace"), ("Logging__LogLevel__Microsoft.EntityFrameworkCore", "Trace"),
    ];

    public override async ValueTask InitializeAsync()
    {
        var simulating = SimulatorProcess.StartAsync("--Simulator:MirrorSeconds=0");
        cluster = await PostgresCluster.StartAsync();
        database = await PortalDatabase.CreateAsync(cluster.Connection);
        simulator = await simulating;
        portal = await PortalProcess.StartAsync(database, simulator, Settings);
    }

    public override async ValueTask DisposeAsync()
    {
        if (portal is not null)
        {
            await base.DisposeAsync();
        }

        foreach (var part in new IAsyncDisposable?[] { portal, simulator, database, cluster }.OfType<IAsyncDisposable>())
        {
            await part.DisposeAsync();
        }

        keys.Dispose();
    }
}
