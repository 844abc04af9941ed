using Portal.Kinds;
using Portal.Tests.Support;

namespace Portal.Tests.Kinds;

/// <summary>What the checks before a submit say, against the simulated cloud.</summary>
public sealed class PreflightTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Rule_that_can_be_made_passes_and_says_that_only_later_pushes_are_copied() => Assert.Equal(
        ["Pass Check.Source.There", "Pass Check.TargetOrganization.There", "Pass Check.Rule.None", "Warn Check.OnlyLaterPushes"],
        await CheckAsync(Given.Rule()));

    [Fact]
    public async Task Rule_that_overwrites_or_stays_hidden_warns() => Assert.Equal(
        ["Pass Check.Source.There", "Pass Check.TargetOrganization.There", "Pass Check.Rule.None", "Warn Check.RuleWillBeHidden", "Warn Check.Overwrites"],
        await CheckAsync(Given.Rule(syncAuto: false, overwrite: true)));

    [Fact]
    public async Task Rule_whose_image_is_missing_is_blocked() =>
        Assert.Contains("Block Check.Source.Missing", await CheckAsync(Given.Rule("backend/no-such-image")));

    [Fact]
    public async Task Rule_whose_organization_is_missing_is_blocked() =>
        Assert.Contains("Block Check.Source.Missing", await CheckAsync(Given.Rule().With("organization", "no-such-team")));

    [Fact]
    public async Task Rule_whose_target_organization_is_missing_is_blocked() =>
        Assert.Contains("Block Check.TargetOrganization.Missing", await CheckAsync(Given.Rule(targetOrganization: "no-such-team")));

    [Fact]
    public async Task Rule_that_is_there_already_is_blocked_as_the_same() =>
        Assert.Contains("Block Check.Rule.Same", await CheckAsync(Given.Rule("backend/payment-api")));

    [Fact]
    public async Task Rule_that_is_there_with_other_settings_is_blocked_as_different() =>
        Assert.Contains("Block Check.Rule.Different", await CheckAsync(Given.Rule("backend/payment-api", overwrite: true)));

    [Fact]
    public async Task Rule_of_an_image_with_rules_toward_elsewhere_passes() =>
        Assert.Contains("Pass Check.Rule.None", await CheckAsync(Given.Rule("backend/payment-api", "cn-south-1", "team-a-south")));

    [Fact]
    public async Task Mirror_that_can_be_synchronized_passes() => Assert.Equal(
        ["Pass Check.Mirror.There", "Pass Check.Mirror.LastSuccess"], await CheckAsync(Given.Mirror()));

    [Fact]
    public async Task Repository_that_is_no_mirror_is_blocked() =>
        Assert.Equal(["Block Check.Mirror.Missing"], await CheckAsync(Given.Mirror(2111750)));

    [Fact]
    public async Task Repository_that_does_not_exist_is_blocked() =>
        Assert.Equal(["Block Check.Mirror.Missing"], await CheckAsync(Given.Mirror(999)));

    [Fact]
    public async Task Mirror_that_fails_warns_with_its_error_and_without_its_password()
    {
        var findings = await FindingsAsync(Given.Mirror(2111735));

        var failing = Assert.Single(findings, finding => finding.WordKey == "Check.Mirror.Failing");
        Assert.Equal(FindingLevel.Warn, failing.Level);
        Assert.Contains("Authentication failed", failing.Arguments[1], StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret-in-url", failing.Arguments[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mirror_that_never_ran_warns() => Assert.Contains("Warn Check.Mirror.NeverSucceeded", await CheckAsync(Given.Mirror(2111739)));

    [Fact]
    public async Task Mirror_that_would_be_forced_warns() => Assert.Contains("Warn Check.Mirror.Force", await CheckAsync(Given.Mirror(forceFetch: true)));

    [Theory]
    [InlineData(2111761)]
    [InlineData(2111762)]
    public async Task Mirror_that_may_not_be_read_warns(int repository) =>
        Assert.Equal(["Warn Check.NotPermitted"], await CheckAsync(Given.Mirror(repository)));

    [Theory]
    [InlineData("html-502")]
    [InlineData("html-200")]
    [InlineData("truncated-json")]
    [InlineData("huge-body")]
    [InlineData("swr-internal")]
    public async Task Answer_that_cannot_be_used_warns_and_blocks_nothing(string preset)
    {
        await Cloud.FaultAsync(preset, method: "GET", times: 3);

        var found = await CheckAsync(Given.Rule());

        Assert.Equal(["Warn Check.Unclear", "Warn Check.Unclear", "Warn Check.Unclear"], found.Take(3));
        Assert.DoesNotContain(found, finding => finding.StartsWith("Block", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Address_that_the_gateway_does_not_know_says_nothing_about_the_image()
    {
        await Cloud.FaultAsync("api-not-found", method: "GET", times: 3);

        Assert.DoesNotContain(await CheckAsync(Given.Rule()), finding => finding.StartsWith("Block", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connection_that_breaks_warns()
    {
        await Cloud.FaultAsync("reset-before-effect", method: "GET", times: 6);

        Assert.Equal(["Warn Check.NotReached", "Warn Check.NotReached", "Warn Check.NotReached"], (await CheckAsync(Given.Rule())).Take(3));
    }

    [Fact]
    public async Task Cloud_that_cannot_be_reached_warns_for_both_kinds()
    {
        await using var alone = PortalHost.WithoutCloud(Database);

        Assert.Equal(3, (await FindingsAsync(Given.Rule(), alone)).Count(finding => finding is { Level: FindingLevel.Warn, WordKey: "Check.NotReached" }));
        Assert.Equal(["Check.NotReached"], (await FindingsAsync(Given.Mirror(), alone)).Select(finding => finding.WordKey));
    }

    [Fact]
    public async Task Checks_only_read()
    {
        await CheckAsync(Given.Rule());
        await CheckAsync(Given.Mirror());

        Assert.All(await Cloud.CallsAsync(), call => Assert.Equal("GET", call!["method"]!.GetValue<string>()));
    }

    async Task<string[]> CheckAsync(Wish wish) => [.. (await FindingsAsync(wish)).Select(finding => $"{finding.Level} {finding.WordKey}")];

    async Task<IReadOnlyList<Finding>> FindingsAsync(Wish wish, PortalHost? node = null)
    {
        var preview = await (node ?? Node).Requests.CheckAsync(wish.Kind, wish.Payload, Given.Developer, Token);
        Assert.True(preview.IsDone, $"{preview.Refusal}");
        return preview.Value.Findings;
    }
}
