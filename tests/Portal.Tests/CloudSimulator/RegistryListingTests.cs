using System.Net;
using System.Text.Json.Nodes;

namespace Portal.Tests.CloudSimulator;

public sealed class RegistryListingTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    const string Manage = "swr/cn-north-4/v2/manage";

    [Fact]
    public async Task Organizations_differ_by_region()
    {
        var source = (await CallAsync("GET", $"{Manage}/namespaces")).Json!["namespaces"]!.AsArray();
        var target = (await CallAsync("GET", "swr/cn-east-3/v2/manage/namespaces")).Json!["namespaces"]!.AsArray();

        Assert.Contains(source, o => Text(o, "name") == "team-a" && o!["auth"]!.GetValue<int>() == 7);
        Assert.Contains(target, o => Text(o, "name") == "team-a-dr");
        Assert.DoesNotContain(target, o => Text(o, "name") == "team-a");
    }

    [Fact]
    public async Task Organization_is_shown_where_it_exists_only()
    {
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("GET", "swr/cn-east-3/v2/manage/namespaces/team-a-dr")).Status);
        AssertError(await CallAsync("GET", "swr/cn-east-3/v2/manage/namespaces/lab-experiments"), 404, "SVCSTG.SWR.4041061");
    }

    [Fact]
    public async Task Repositories_are_paged_with_a_content_range()
    {
        var answer = await CallAsync("GET", $"{Manage}/repos?filter=limit%3A%3A2%7Cnamespace%3A%3Ateam-a%7Coffset%3A%3A1");

        Assert.Equal(2, answer.Json!.AsArray().Count);
        Assert.Equal("1-2/7", answer.ContentHeaders.GetValues("Content-Range").Single());
        Assert.Equal(7, answer.Json[0]!["total_range"]!.GetValue<int>());
    }

    [Fact]
    public async Task Name_is_fuzzy_in_a_filter_and_exact_as_a_parameter()
    {
        Assert.NotEmpty((await CallAsync("GET", $"{Manage}/repos?filter=name%3A%3Aorder")).Json!.AsArray());
        Assert.Empty((await CallAsync("GET", $"{Manage}/repos?name=order")).Json!.AsArray());
    }

    [Fact]
    public async Task Order_by_updated_at_is_refused_though_documented() =>
        AssertError(await CallAsync("GET", $"{Manage}/repos?order_column=updated_at&order_type=desc"), 400, "SVCSTG.SWR.4001096");

    [Fact]
    public async Task Repository_and_its_tags_are_shown()
    {
        var repository = await CallAsync("GET", OrderApi);
        var tags = (await CallAsync("GET", OrderApi + "/tags")).Json!.AsArray();

        Assert.Equal("backend/order-api", Text(repository.Json, "name"));
        Assert.Contains(tags, tag => Text(tag, "Tag") == "2.19.1");
        Assert.All(tags, tag => Assert.Matches("^sha256:[0-9a-f]{64}$", Text(tag, "digest")));
    }

    [Fact]
    public async Task Permitted_target_regions_are_listed() =>
        Assert.Contains((await CallAsync("GET", $"{Manage}/regions")).Json!.AsArray(), region => Text(region, "regionID") == "ap-southeast-3");

    static string Text(JsonNode? node, string name) => node![name]!.GetValue<string>();
}
