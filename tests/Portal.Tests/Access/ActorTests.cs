using System.Security.Claims;
using Portal.Access;

namespace Portal.Tests.Access;

public sealed class ActorTests
{
    [Fact]
    public void From_reads_back_what_was_put_into_the_principal()
    {
        foreach (var persona in Personas.All)
        {
            var session = Guid.CreateVersion7();
            var actor = Actor.From((persona with { Address = "127.0.0.1", Session = session }).ToPrincipal("Cookies"))!;

            Assert.Equal((persona.Id, persona.Name, "127.0.0.1", session), (actor.Id, actor.Name, actor.Address, actor.Session));
            Assert.Equal(persona.Roles, actor.Roles);
        }
    }

    [Theory]
    [InlineData("System")]
    [InlineData("system")]
    [InlineData("5")]
    [InlineData("99")]
    [InlineData("-1")]
    [InlineData("1")]
    [InlineData("Requester, Approver")]
    [InlineData("Approver,Operator")]
    [InlineData("approver")]
    [InlineData(" Approver")]
    [InlineData("Approver ")]
    [InlineData("")]
    [InlineData("Owner")]
    public void From_gives_no_role_for_what_is_not_the_exact_name_of_one(string claim)
    {
        var actor = Actor.From(Principal(new Claim(ClaimTypes.Role, claim)))!;

        Assert.Empty(actor.Roles);
        Assert.All(Enum.GetValues<Permission>(), permission => Assert.False(actor.May(permission)));
    }

    [Fact]
    public void From_system_role_in_a_cookie_is_ignored_and_the_others_stay() => Assert.Equal(
        [Role.Requester, Role.Auditor],
        Actor.From(Principal(new(ClaimTypes.Role, "Requester"), new(ClaimTypes.Role, "System"), new(ClaimTypes.Role, "Auditor")))!.Roles);

    [Fact]
    public void From_nobody_signed_in_is_null()
    {
        Assert.Null(Actor.From(new ClaimsPrincipal()));
        Assert.Null(Actor.From(new ClaimsPrincipal(new ClaimsIdentity([new Claim(Actor.IdClaim, "x")]))));
        Assert.Null(Actor.From(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "x")], "Cookies"))));
    }

    [Fact]
    public void From_person_without_a_name_is_called_by_the_id() => Assert.Equal("test:1", Actor.From(Principal())!.Name);

    static ClaimsPrincipal Principal(params Claim[] claims) => new(new ClaimsIdentity([new Claim(Actor.IdClaim, "test:1"), .. claims], "Cookies"));
}
