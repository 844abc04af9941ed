using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CsvHelper;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Access;
using Portal.Audit;
using Portal.Database;
using Portal.SignIn;
using Portal.Tests.Support;

namespace Portal.Tests.Audit;

/// <summary>The two export addresses over real HTTP, with the portal's own sign-in cookie.</summary>
public sealed class AuditExportTests(PostgresFixture postgres) : IAsyncLifetime
{
    TestDatabase database = null!;
    WebApplication app = null!;
    HttpClient http = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.CreateAsync();
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0", "--environment", "Development"]);
        builder.Configuration["SignIn:Personas"] = "true";
        builder.Logging.ClearProviders();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<IDbContextFactory<PortalDb>>(database).AddSingleton(database.App).AddLocalization();
        builder.Services.AddSessions(builder.Configuration).AddSignIn(builder.Configuration, builder.Environment).AddAudit();
        app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapAuditExports();
        app.MapGet("/as/{role}", (Role role) => Microsoft.AspNetCore.Http.Results.SignIn(
            new Actor("test:" + role, role.ToString(), [role], "10.0.0.9").ToPrincipal("Cookies"),
            authenticationScheme: CookieAuthenticationDefaults.AuthenticationScheme));
        await app.StartAsync(Token);
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Both_formats_have_exactly_the_rows_of_the_pages_in_their_order()
    {
        await database.AddManyAsync(AuditService.PageSize + 20, "wanted");
        await database.AddManyAsync(5, "other");
        // The kind as well: the record of the first export names its filter, so the second would rightly find it.
        var filter = new AuditFilter { Text = "wanted", Event = AuditKind.SignedIn };
        var first = (await database.Service().PageAsync(filter, GivenEvents.Auditor, Token)).Value;
        var second = (await database.Service().PageAsync(filter with { Page = 2, UpTo = first.Newest!.Id }, GivenEvents.Auditor, Token)).Value;
        string[] shown = [.. first.Rows.Concat(second.Rows).Select(row => row.Id.ToString())];
        await SignInAsync(Role.Auditor);

        Assert.Equal(AuditService.PageSize + 20, shown.Length);
        Assert.Equal(shown, Lines(await GetAsync("/audit/export.jsonl?q=wanted&event=login.signed_in&page=2")).Select(line => (string)line["id"]!));
        Assert.Equal(shown, Records(await GetAsync("/audit/export.csv?q=wanted&event=login.signed_in&page=2")).Skip(1).Select(record => record[1]));
    }

    [Fact]
    public async Task Jsonl_line_carries_the_exact_bytes_of_its_row()
    {
        var request = Guid.CreateVersion7();
        await database.AddAsync(
            AuditKind.RequestSubmitted, new() { ["reason"] = "订单 \"镜像\"\n👩‍💻 =1+1 \u2028", ["n"] = 12 }, GivenEvents.Developer, request, 1);
        await SignInAsync(Role.Auditor);

        var line = Assert.Single(Lines(await GetAsync("/audit/export.jsonl?event=request.submitted")));

        var raw = Convert.FromBase64String((string)line["raw"]!);
        Assert.Equal(
            await database.ValueAsync<string>("select encode(sha256(raw), 'hex') from audit.event where kind = 'request.submitted'"),
            Convert.ToHexStringLower(SHA256.HashData(raw)));
        Assert.Equal(CanonicalJson.Write(JsonNode.Parse(raw)), raw);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(raw)!["facts"], line["facts"]));
        Assert.Equal(["at", "id", "kind", "actor", "request", "seq", "node", "facts", "raw"], line.Select(member => member.Key));
        Assert.Equal((request.ToString(), 1), ((string)line["request"]!, (int)line["seq"]!));
        Assert.Equal("""{"id":"test:developer","name":"Dana Developer","roles":["Requester"],"address":"10.0.0.1"}""", line["actor"]!.ToJsonString());
    }

    [Fact]
    public async Task Csv_reads_back_with_its_formulas_made_harmless()
    {
        await database.AddAsync(AuditKind.SignedOut, new() { ["persona"] = "a,\"b\"\r\nc" }, new Actor("＝id", "=HYPERLINK(\"x\")", [Role.Requester], "-1"));
        await SignInAsync(Role.Auditor);

        var body = await GetAsync("/audit/export.csv?event=login.signed_out");

        Assert.Equal([0xEF, 0xBB, 0xBF], body[..3]);
        Assert.EndsWith("\"\r\n", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        var record = Assert.Single(Records(body).Skip(1));
        Assert.Equal(("'＝id", "'=HYPERLINK(\"x\")", "'-1"), (record[3], record[4], record[5]));
        Assert.Equal("a,\"b\"\r\nc", (string)JsonNode.Parse(record[12])!["persona"]!);
        Assert.Equal(await database.ValueAsync<string>("select encode(sha256(raw), 'hex') from audit.event where kind = 'login.signed_out'"), record[13]);
    }

    [Theory]
    [InlineData("csv", "text/csv")]
    [InlineData("jsonl", "application/jsonl")]
    public async Task Export_is_recorded_before_with_its_filter_and_after_with_the_hash_of_its_bytes(string format, string type)
    {
        await database.AddManyAsync(3, "row");
        await SignInAsync(Role.Administrator);

        using var response = await http.GetAsync(new Uri($"/audit/export.{format}?person=Dana&q=row&page=9", UriKind.Relative), Token);
        var body = await response.Content.ReadAsByteArrayAsync(Token);

        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        Assert.Matches($@"^audit-\d{{8}}T\d{{6}}Z\.{format}$", response.Content.Headers.ContentDisposition!.FileName!);
        Assert.True(response.Headers.CacheControl!.NoStore);
        var events = await EventsAsync("export.%");
        Assert.Equal(["export.created", "export.finished"], events.Select(row => row.Kind));
        Assert.All(events, row => Assert.Equal("test:Administrator", row.ActorId));
        var (created, finished) = (JsonNode.Parse(events[0].Doc)!["facts"]!, JsonNode.Parse(events[1].Doc)!["facts"]!);
        Assert.Equal(("?q=row&person=Dana", 3), ((string)created["filter"]!, (int)created["rows"]!));
        Assert.Equal(((string)created["export"]!, 3), ((string)finished["export"]!, (int)finished["rows"]!));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), (string)finished["sha256"]!);
    }

    [Fact]
    public async Task Export_that_cannot_be_recorded_gives_no_byte()
    {
        await database.AddManyAsync(3, "row");
        await SignInAsync(Role.Auditor);
        await database.OwnerAsync("revoke insert (kind) on audit.event from portal_app");

        using var response = await http.GetAsync(new Uri("/audit/export.jsonl", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("row", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role.Requester, HttpStatusCode.Forbidden)]
    [InlineData(Role.Approver, HttpStatusCode.Forbidden)]
    [InlineData(Role.Operator, HttpStatusCode.Forbidden)]
    [InlineData(Role.Auditor, HttpStatusCode.OK)]
    [InlineData(Role.Administrator, HttpStatusCode.OK)]
    public async Task Export_is_for_auditors_and_administrators(Role role, HttpStatusCode expected)
    {
        await SignInAsync(role);
        foreach (var format in new[] { "csv", "jsonl" })
        {
            using var response = await http.GetAsync(new Uri("/audit/export." + format, UriKind.Relative), Token);
            Assert.Equal(expected, response.StatusCode);
        }

        var recorded = (await EventsAsync("%")).Where(row => row.Kind != AuditKind.SignedIn).ToList();
        Assert.Equal(expected == HttpStatusCode.OK ? 4 : 2, recorded.Count);
        Assert.All(recorded, row => Assert.Equal(expected == HttpStatusCode.OK, row.Kind.StartsWith("export.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Export_without_a_sign_in_leads_to_the_sign_in_page()
    {
        using var response = await http.GetAsync(new Uri("/audit/export.csv?q=a", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/signin", response.Headers.Location!.AbsolutePath);
        Assert.DoesNotContain(await EventsAsync("%"), row => row.Kind != AuditKind.SignedIn);
    }

    [Fact]
    public async Task Export_with_a_filter_that_cannot_be_read_says_where_and_exports_nothing()
    {
        await SignInAsync(Role.Auditor);

        using var response = await http.GetAsync(new Uri("/audit/export.csv?status=999&from=soon", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.Contains("HTTP status: ", text, StringComparison.Ordinal);
        Assert.Contains("From: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain(await EventsAsync("%"), row => row.Kind != AuditKind.SignedIn);
    }

    [Fact]
    public async Task Export_is_a_snapshot_that_later_rows_do_not_enter()
    {
        await database.AddManyAsync(4, "before");
        await using var export = (await database.Service().ExportAsync(new AuditFilter(), ExportFormat.Jsonl, GivenEvents.Auditor, Token)).Value;
        await database.AddManyAsync(6, "after");

        using var body = new MemoryStream();
        await export.WriteAsync(body, Token);

        Assert.Equal(4, export.Rows);
        Assert.Equal(4, Lines(body.ToArray()).Count);
        Assert.DoesNotContain("after", Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_that_nobody_reads_to_the_end_is_created_and_not_finished()
    {
        await database.AddManyAsync(4, "row");
        await using var export = (await database.Service().ExportAsync(new AuditFilter(), ExportFormat.Csv, GivenEvents.Auditor, Token)).Value;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => export.WriteAsync(Stream.Null, new CancellationToken(canceled: true)));

        Assert.Equal("export.created", Assert.Single(await EventsAsync("export.%")).Kind);
    }

    async Task SignInAsync(Role role)
    {
        using var response = await http.GetAsync(new Uri($"/as/{role}", UriKind.Relative), Token);
        response.EnsureSuccessStatusCode();
    }

    async Task<byte[]> GetAsync(string path) => await http.GetByteArrayAsync(new Uri(path, UriKind.Relative), Token);

    async Task<List<AuditEvent>> EventsAsync(string kind)
    {
        await using var db = database.CreateDbContext();
        return await db.Events.Where(row => EF.Functions.Like(row.Kind, kind)).OrderBy(row => row.At).ToListAsync(Token);
    }

    static List<JsonObject> Lines(byte[] body) =>
        [.. Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    static List<string[]> Records(byte[] body)
    {
        using var csv = CsvReader.Create(new MemoryStream(body), new CsvReaderOptions { HasHeader = false });
        var records = new List<string[]>();
        while (csv.Read())
        {
            records.Add([.. Enumerable.Range(0, csv.FieldCount).Select(index => csv.GetString(index)!)]);
        }

        return records;
    }
}
