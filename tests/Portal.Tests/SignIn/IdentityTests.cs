using System.Security.Claims;
using Portal.Access;
using Portal.SignIn;

namespace Portal.Tests.SignIn;

/// <summary>Who somebody is by the claims of a provider, in the short names of OpenID Connect and the long ones of Microsoft.Identity.Web.</summary>
public sealed class IdentityTests
{
    static readonly SignInOptions Options = new()
    {
        RolesByAppRole = new() { ["Portal.Auditor"] = Role.Auditor, ["Portal.Self"] = Role.System },
        RolesByGroup = new() { ["group-1"] = Role.Approver },
        RolesOfEverybody = [Role.Requester],
    };

    [Fact]
    public void Entra_person_is_the_same_by_short_and_by_long_names()
    {
        var @short = From(("iss", "https://login/t/v2.0"), ("sub", "s"), ("tid", "t"), ("oid", "o"), ("name", "Dana"), ("roles", "Portal.Auditor"), ("groups", "group-1"), ("sid", "x"));
        var @long = From(
            ("iss", "https://login/t/v2.0"), (ClaimTypes.NameIdentifier, "s"), ("http://schemas.microsoft.com/identity/claims/tenantid", "t"),
            ("http://schemas.microsoft.com/identity/claims/objectidentifier", "o"), ("name", "Dana"), (ClaimTypes.Role, "Portal.Auditor"), ("groups", "group-1"), ("sid", "x"));

        Assert.Equal("t/o", @short!.PersonId);
        Assert.Equal([Role.Requester, Role.Approver, Role.Auditor], @short.Roles);
        Assert.Equal(@short with { Roles = [] }, @long! with { Roles = [] });
        Assert.Equal(@short.Roles, @long.Roles);
    }

    [Fact]
    public void Person_of_another_provider_is_issuer_and_subject_and_never_an_address() =>
        Assert.Equal("https://idp.example#dana", From(("iss", "https://idp.example"), ("sub", "dana"), ("email", "a@b"), ("preferred_username", "d"))!.PersonId);

    [Fact]
    public void Nobody_is_made_the_portal_itself_nor_anything_by_names_that_are_not_mapped()
    {
        var who = From(("iss", "i"), ("sub", "s"), ("roles", "Portal.Self"), ("roles", "Administrator"), ("roles", "portal.auditor"), ("groups", "GROUP-1"))!;

        Assert.Equal([Role.Requester], who.Roles);
    }

    [Fact]
    public void Who_does_not_say_who_it_is_is_nobody()
    {
        Assert.Null(From(("iss", "i")));
        Assert.Null(From(("iss", "i"), ("sub", " ")));
    }

    [Theory]
    [InlineData("Dana\u202Enimda\n", "Dananimda")]
    [InlineData("张伟", "张伟")]
    public void Name_is_made_harmless(string name, string shown) => Assert.Equal(shown, From(("iss", "i"), ("sub", "s"), ("name", name))!.Name);

    [Fact]
    public void Name_that_no_column_can_hold_is_none() => Assert.Equal("s", From(("iss", "i"), ("sub", "s"), ("name", "\uD800"))!.Name);

    [Fact]
    public void Name_is_cut() => Assert.Equal(100, From(("iss", "i"), ("sub", "s"), ("name", new string('x', 5000)))!.Name.Length);

    static Identity? From(params (string Name, string Value)[] claims) =>
        Identity.From(new ClaimsPrincipal(new ClaimsIdentity(claims.Select(claim => new Claim(claim.Name, claim.Value)), "test")), Options);
}
