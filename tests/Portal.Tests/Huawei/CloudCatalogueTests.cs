using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Portal.Huawei;

namespace Portal.Tests.Huawei;

public sealed class CloudCatalogueTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(99, 1, 99)]
    [InlineData(100, 2, 100)]
    [InlineData(250, 3, 250)]
    [InlineData(5000, 10, 1000)]
    public async Task Repositories_are_paged_up_to_a_thousand(int there, int pages, int listed)
    {
        await using var server = await RepositoriesAsync(there);
        await using var services = Client.Services(server.Address, null);

        var listing = await services.GetRequiredService<CloudCatalogue>().RepositoriesAsync("cn-north-4", "team-a", Token);

        Assert.Null(listing.Problem);
        Assert.Equal((pages, listed, listed), (server.Requests.Count, listing.Items.Count, listing.Items.Distinct().Count()));
    }

    [Fact]
    public async Task A_list_is_shared_for_thirty_seconds_and_each_place_has_its_own()
    {
        await using var server = await RepositoriesAsync(3);
        var clock = new HandClock(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
        await using var services = Client.Services(server.Address, clock);
        var catalogue = services.GetRequiredService<CloudCatalogue>();

        await catalogue.RepositoriesAsync("cn-north-4", "team-a", Token);
        clock.Now += TimeSpan.FromSeconds(29);
        await catalogue.RepositoriesAsync("cn-north-4", "team-a", Token);
        Assert.Single(server.Requests);
        await catalogue.RepositoriesAsync("cn-north-4", "team-b", Token);
        await catalogue.RepositoriesAsync("cn-east-3", "team-a", Token);
        Assert.Equal(3, server.Requests.Count);
        clock.Now += TimeSpan.FromSeconds(1);
        await catalogue.RepositoriesAsync("cn-north-4", "team-a", Token);

        Assert.Equal(4, server.Requests.Count);
    }

    [Theory]
    [InlineData(403, """{"errorCode":"SVCSTG.SWR.4037017","errorMessage":"no right"}""")]
    [InlineData(502, "<html>")]
    [InlineData(200, """{"not":"a list"}""")]
    public async Task A_fault_comes_back_as_a_problem_and_is_not_kept(int status, string body)
    {
        await using var server = await CloudServer.AnsweringAsync(status, body);
        await using var services = Client.Services(server.Address, null);
        var catalogue = services.GetRequiredService<CloudCatalogue>();

        var listing = await catalogue.OrganizationsAsync("cn-north-4", Token);
        await catalogue.OrganizationsAsync("cn-north-4", Token);

        Assert.Empty(listing.Items);
        Assert.Equal((status, false), (listing.Problem!.Status, listing.Problem.IsSuccess));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_fault_on_a_later_page_keeps_what_was_read()
    {
        await using var server = await CloudServer.StartAsync((context, received) => received.Target.Contains("offset=0", StringComparison.Ordinal)
            ? context.AnswerAsync(200, Page(0, 100))
            : context.AnswerAsync(500, "{}"));
        await using var services = Client.Services(server.Address, null);

        var listing = await services.GetRequiredService<CloudCatalogue>().RepositoriesAsync("cn-north-4", "team-a", Token);

        Assert.Equal((100, 500), (listing.Items.Count, listing.Problem?.Status));
    }

    [Fact]
    public async Task What_people_type_never_throws()
    {
        await using var services = Client.Services("http://127.0.0.1:1", null);
        var catalogue = services.GetRequiredService<CloudCatalogue>();

        foreach (var text in new[] { "", "..", "a/b?c#d", "\0", "\ud800", new string('x', 100_000), "组织 😀" })
        {
            Assert.Equal(AnswerKind.NotSent, (await catalogue.RepositoriesAsync("cn-north-4", text, Token)).Problem?.Kind);
            Assert.Equal(AnswerKind.NotSent, (await catalogue.OrganizationsAsync(text, Token)).Problem?.Kind);
            Assert.Equal(AnswerKind.NotSent, (await catalogue.GitRepositoriesAsync(text, Token)).Problem?.Kind);
        }
    }

    [Fact]
    public async Task Git_repositories_are_listed()
    {
        await using var server = await CloudServer.AnsweringAsync(200, """[{"id":7,"name":"shop"}]""");
        await using var services = Client.Services(server.Address, null);

        var listing = await services.GetRequiredService<CloudCatalogue>().GitRepositoriesAsync("cn-north-4", Token);

        Assert.Equal(("shop", null), (Assert.Single(listing.Items).Name, listing.Problem));
    }

    static Task<CloudServer> RepositoriesAsync(int there) => CloudServer.StartAsync((context, received) =>
    {
        var query = QueryHelpers.ParseQuery(received.Target.Split('?')[1]);
        var offset = int.Parse(query["offset"]!, CultureInfo.InvariantCulture);
        var limit = int.Parse(query["limit"]!, CultureInfo.InvariantCulture);
        return context.AnswerAsync(200, Page(offset, Math.Clamp(there - offset, 0, limit)));
    });

    static string Page(int from, int count) =>
        $"[{string.Join(',', Enumerable.Range(from, count).Select(number => $$"""{"name":"r{{number}}","namespace":"team-a"}"""))}]";
}
