using Portal.Policies;
using Portal.Tests.Support;

namespace Portal.Tests.Policies;

public sealed class PolicyTests
{
    [Fact]
    public void Match_every_wish_gets_one_approval()
    {
        foreach (var wish in new[] { Given.Rule(), Given.Rule(overwrite: true), Given.Mirror(), Given.Mirror(forceFetch: true) })
        {
            Assert.Equal(("one-approval/1", 1), (PolicyMatcher.Match(wish.Kind, wish.Payload).Name, PolicyMatcher.Match(wish.Kind, wish.Payload).Approvals));
        }
    }

    [Fact]
    public void Pinned_policy_is_found_by_its_name() => Assert.Equal(PolicyMatcher.OneApproval, PolicyMatcher.Pinned("one-approval/1"));

    [Theory]
    [InlineData("one-approval/2")]
    [InlineData("ONE-APPROVAL/1")]
    [InlineData("")]
    public void Policy_that_this_version_does_not_know_decides_nothing(string name) =>
        Assert.Throws<InvalidOperationException>(() => PolicyMatcher.Pinned(name));
}
