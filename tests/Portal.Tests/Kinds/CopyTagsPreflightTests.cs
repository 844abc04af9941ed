using System.Text.Json.Nodes;
using Portal.Kinds;
using Portal.Tests.Support;

namespace Portal.Tests.Kinds;

/// <summary>What the checks of the two kinds about tags and rules say, against the simulated cloud.</summary>
public sealed class CopyTagsPreflightTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Tags_that_the_target_lacks_are_new() => Assert.Equal(
        ["Pass Check.Source.There team-a/backend/order-api cn-north-4", "Pass Check.CopyTarget.There team-a-dr cn-east-3", "Pass Check.Tags.New 2 2.19.0, 2.19.1"],
        await SayAsync(Given.CopyTags()));

    [Fact]
    public async Task Many_tags_are_read_page_by_page_and_counted()
    {
        string[] tags = [.. Enumerable.Range(0, 120).Select(number => $"v{number}")];
        foreach (var tag in tags)
        {
            await Cloud.PushAsync("cn-north-4", "team-a", "tools/busybox", tag);
        }

        Assert.Contains("Pass Check.Tags.New 120 v0, v1, v2, v3, v4, v5, v6, v7, +112", await SayAsync(Given.CopyTags(tags, "tools/busybox")));
    }

    [Fact]
    public async Task Tag_that_is_there_with_the_same_content_passes() =>
        Assert.Contains("Pass Check.Tags.Same 1 latest", await SayAsync(Given.CopyTags(["latest"], "backend/payment-api")));

    [Theory]
    [InlineData(true, "Warn Check.Tags.Replaced 1 latest")]
    [InlineData(false, "Warn Check.Tags.NotReplaced 1 latest")]
    public async Task Tag_that_is_there_with_other_content_warns_of_what_becomes_of_it(bool overwrite, string expected)
    {
        await Cloud.PushAsync("cn-east-3", "team-a-dr", "backend/payment-api", "latest");

        Assert.Contains(expected, await SayAsync(Given.CopyTags(["latest"], "backend/payment-api", overwrite: overwrite)));
    }

    [Fact]
    public async Task Tag_that_is_missing_blocks_and_is_named() =>
        Assert.Contains("Block Check.Tags.Missing 1 no-such-tag", await SayAsync(Given.CopyTags(["2.19.0", "no-such-tag"])));

    [Fact]
    public async Task Repository_that_is_missing_blocks() =>
        Assert.Contains("Block Check.Source.Missing team-a/backend/no-such-image cn-north-4", await SayAsync(Given.CopyTags(repository: "backend/no-such-image")));

    [Fact]
    public async Task Target_organization_that_is_missing_blocks() =>
        Assert.Contains("Block Check.CopyTarget.Missing nobody cn-east-3", await SayAsync(Given.CopyTags(targetOrganization: "nobody")));

    [Fact]
    public async Task Tags_that_cannot_be_read_are_unverified_and_block_nothing()
    {
        await Cloud.FaultAsync(new { status = 500, match = new { method = "GET", pathContains = "/tags" }, times = "always" });

        var said = await SayAsync(Given.CopyTags());

        Assert.Contains("Warn Check.Tags.Unverified", said);
        Assert.DoesNotContain(said, line => line.StartsWith("Block", StringComparison.Ordinal));
        Assert.Null((await CheckedAsync(Given.CopyTags().Payload)).Payload["digests"]!["2.19.0"]);
    }

    [Fact]
    public async Task Check_freezes_the_digests_and_a_later_one_names_the_tag_that_moved()
    {
        var frozen = await CheckedAsync(Given.CopyTags().Payload);
        var again = await CheckedAsync(frozen.Payload);
        await Cloud.PushAsync("cn-north-4", "team-a", "backend/order-api", "2.19.1");
        var moved = await CheckedAsync(frozen.Payload);

        Assert.StartsWith("sha256:", frozen.Payload["digests"]!["2.19.1"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(again.Findings, finding => finding.WordKey == "Check.Tags.Unmoved");
        var finding = Assert.Single(moved.Findings, finding => finding.Level == FindingLevel.Block);
        Assert.Equal(("Check.Tags.Moved", "2.19.1"), (finding.WordKey, finding.Arguments[1]));
        Assert.Equal(frozen.Payload.ToJsonString(), moved.Payload.ToJsonString());
    }

    [Fact]
    public async Task Rule_that_is_listed_can_be_deleted_and_what_was_copied_stays() => Assert.Equal(
        ["Pass Check.Source.There team-a/backend/payment-api cn-north-4", "Pass Check.StopRule.Listed", "Pass Check.CopiesStay"], await SayAsync(Given.StopRule()));

    [Fact]
    public async Task Rule_that_is_not_listed_warns_and_may_be_a_hidden_one() =>
        Assert.Contains("Warn Check.StopRule.NotListed", await SayAsync(Given.StopRule("tools/busybox")));

    [Fact]
    public async Task Rule_of_a_repository_that_is_missing_is_blocked() => Assert.Equal(
        ["Block Check.Source.Missing team-a/backend/no-such-image cn-north-4"], await SayAsync(Given.StopRule("backend/no-such-image")));

    [Fact]
    public async Task Rule_to_make_offers_the_copy_of_what_the_target_lacks()
    {
        var preview = (await Node.Requests.CheckAsync("keep-copying", Given.Rule().Payload, Given.Developer, Token)).Value;
        var hidden = (await Node.Requests.CheckAsync("keep-copying", Given.Rule(syncAuto: false).Payload, Given.Developer, Token)).Value;
        var copy = (await Node.Requests.CheckAsync("copy-tags", Given.CopyTags().Payload, Given.Developer, Token)).Value;

        Assert.Equal(("copy-tags", 6), (preview.Companion!.Kind, preview.Companion.Input["tags"]!.AsArray().Count));
        Assert.Equal(["6", "0", "6"], preview.Companion.Arguments);
        Assert.Null(hidden.Companion);
        Assert.Equal((2, null), (copy.Calls, copy.Companion));
    }

    async Task<CheckedPayload> CheckedAsync(JsonObject payload) => await Node.Kinds["copy-tags"].CheckAsync(payload, Token);

    async Task<string[]> SayAsync(Wish wish)
    {
        var preview = await Node.Requests.CheckAsync(wish.Kind, wish.Payload, Given.Developer, Token);
        Assert.True(preview.IsDone, $"{preview.Refusal}");
        return [.. preview.Value.Findings.Select(finding => string.Join(' ', [$"{finding.Level} {finding.WordKey}", .. finding.Arguments]))];
    }
}
