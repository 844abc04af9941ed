using Portal.Access;
using static Portal.Access.Permission;

namespace Portal.Tests.Access;

public sealed class PermissionsTests
{
    /// <summary>The whole table a second time: nobody gets a permission by a slip.</summary>
    static readonly Dictionary<Role, Permission[]> Expected = new()
    {
        [Role.Requester] = [SubmitRequests],
        [Role.Approver] = [ReadAllRequests, DecideRequests],
        [Role.Operator] = [ReadAllRequests, Operate],
        [Role.Auditor] = [ReadAllRequests, ReadAudit],
        [Role.Administrator] = [ReadAllRequests, ReadAudit, Administer, ManagePeople],
        [Role.System] = [ReadAllRequests, Operate],
    };

    public static TheoryData<Role, Permission> Pairs =>
        [.. from role in Enum.GetValues<Role>() from permission in Enum.GetValues<Permission>() select (role, permission)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Allow_role_has_exactly_these_permissions(Role role, Permission permission)
    {
        Assert.Equal(Expected[role].Contains(permission), Permissions.Allow([role], permission));
        Assert.Equal(Expected[role].Contains(permission), new Actor("x", "X", [role]).May(permission));
    }

    [Fact]
    public void Allow_roles_add_up_and_no_role_allows_nothing()
    {
        foreach (var permission in Enum.GetValues<Permission>())
        {
            Assert.False(Permissions.Allow([], permission));
            Assert.True(Permissions.Allow(Enum.GetValues<Role>(), permission));
        }
    }

    [Fact]
    public void Nobody_but_an_approver_decides_and_the_portal_itself_never()
    {
        Assert.Equal([Role.Approver], Enum.GetValues<Role>().Where(role => Permissions.Allow([role], DecideRequests)));
        Assert.False(Actor.System.May(DecideRequests));
        Assert.False(Actor.System.May(SubmitRequests));
    }
}
