using Portal.Access;
using Portal.Approvals;
using Portal.Policies;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Approvals;

public sealed class SeatRulesTests
{
    [Theory]
    [InlineData(Role.Approver, null)]
    [InlineData(Role.Requester, typeof(MayNotDecide))]
    [InlineData(Role.Operator, typeof(MayNotDecide))]
    [InlineData(Role.Auditor, typeof(MayNotDecide))]
    [InlineData(Role.Administrator, typeof(MayNotDecide))]
    [InlineData(Role.System, typeof(MayNotDecide))]
    public void WhyNot_asks_for_the_permission(Role role, Type? refusal) =>
        Assert.Equal(refusal, SeatRules.WhyNot(Waiting(), [], new Actor("test:somebody", "Somebody", [role]))?.GetType());

    [Fact]
    public void WhyNot_person_without_roles_may_not() => Assert.IsType<MayNotDecide>(SeatRules.WhyNot(Waiting(), [], new Actor("x", "X", [])));

    [Fact]
    public void WhyNot_requester_may_not_whatever_their_roles()
    {
        foreach (var roles in new[] { [Role.Approver], Enum.GetValues<Role>(), [] })
        {
            Assert.IsType<RequesterMayNotDecide>(SeatRules.WhyNot(Waiting(), [], Given.Developer with { Roles = roles }));
        }
    }

    [Fact]
    public void WhyNot_requester_under_another_name_may_not() =>
        Assert.IsType<RequesterMayNotDecide>(SeatRules.WhyNot(Waiting(), [], Given.Approver with { Id = Given.Developer.Id, Name = "Somebody else" }));

    [Fact]
    public void WhyNot_nobody_decides_on_what_is_decided()
    {
        foreach (var state in Enum.GetValues<RequestState>().Where(state => state != RequestState.PendingApproval))
        {
            Assert.Equal(new StateChanged(state), SeatRules.WhyNot(Waiting(state), [], Given.Approver));
        }
    }

    [Fact]
    public void WhyNot_nobody_decides_twice()
    {
        foreach (var verdict in Enum.GetValues<Verdict>())
        {
            Assert.IsType<DecidedAlready>(SeatRules.WhyNot(Waiting(), [DecisionOf(Given.Approver, verdict)], Given.Approver));
            Assert.Null(SeatRules.WhyNot(Waiting(), [DecisionOf(Given.Approver, verdict)], Given.SecondApprover));
        }
    }

    [Fact]
    public void IsMet_counts_different_people_who_agreed()
    {
        var one = DecisionOf(Given.Approver, Verdict.Approved);
        var other = DecisionOf(Given.SecondApprover, Verdict.Approved);
        var denial = DecisionOf(Given.SecondApprover, Verdict.Denied);
        var two = new Policy("two/1", 2);

        Assert.False(SeatRules.IsMet(PolicyMatcher.OneApproval, []));
        Assert.False(SeatRules.IsMet(PolicyMatcher.OneApproval, [denial]));
        Assert.True(SeatRules.IsMet(PolicyMatcher.OneApproval, [one]));
        Assert.False(SeatRules.IsMet(two, [one]));
        Assert.False(SeatRules.IsMet(two, [one, one]));
        Assert.False(SeatRules.IsMet(two, [one, denial]));
        Assert.True(SeatRules.IsMet(two, [one, other]));
    }

    static Request Waiting(RequestState state = RequestState.PendingApproval)
    {
        var request = new Request
        {
            Id = Guid.CreateVersion7(),
            Kind = "k",
            RequesterId = Given.Developer.Id,
            RequesterName = "R",
            Reason = "x",
            Subject = "s",
            Payload = "{}",
            PayloadHash = "h",
            Policy = "one-approval/1",
            Findings = "[]",
        };
        typeof(Request).GetProperty(nameof(Request.State))!.SetValue(request, state);
        return request;
    }

    static Decision DecisionOf(Actor actor, Verdict verdict) => new()
    {
        Id = Guid.CreateVersion7(),
        RequestId = Guid.CreateVersion7(),
        RequesterId = Given.Developer.Id,
        DeciderId = actor.Id,
        DeciderName = actor.Name,
        Verdict = verdict,
        Comment = null,
        PayloadHash = "h",
    };
}
