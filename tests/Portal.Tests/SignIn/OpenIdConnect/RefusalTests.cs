using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.SignIn.OpenIdConnect;
using Portal.Tests.Support;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>Each hostile input is refused by the check that is meant for it: nobody is signed in, and the trail says why.</summary>
public sealed class RefusalTests(PostgresFixture postgres, FrontDoor front) : IClassFixture<FrontDoor>
{
    static readonly Attack[] Attacks = [.. IdTokenAttacks.All, .. CallbackAttacks.All, .. TokenAnswerAttacks.All];

    // Whoever switches off one check looks first at the attacks that are meant for it, where there are any.
    public static TheoryData<string> Names
    {
        get
        {
            var meant = Attacks.Where(attack => attack.Refused.ToString() == Environment.GetEnvironmentVariable("PORTAL_TEST_FAULT")).ToList();
            return [.. (meant.Count > 0 ? meant : [.. Attacks]).Select(attack => attack.Name)];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Hostile_input_is_refused_by_its_check(string name)
    {
        await front.OpenAsync(postgres);
        var attack = Attacks.Single(known => known.Name == name);
        using var visit = await Visit.LeaveAsync(front.Site, front.Provider);
        await attack.Do(visit);
        var before = await LastRefusalAsync();
        var who = await visit.WhoAsync();

        var (status, location) = await visit.ReturnAsync();

        // Whoever cancelled may want to go on to where they were going; nobody else is told where that was.
        var back = attack.Refused == SignInFault.ProviderSaidNo ? "&returnUrl=%2Frequests" : "";
        Assert.Equal((HttpStatusCode.Redirect, $"/signin?refused={attack.Refused}{back}"), (status, location));
        Assert.Equal(who, await visit.WhoAsync());
        var refusal = (await LastRefusalAsync())!;
        Assert.NotEqual(before?.Id, refusal.Id);
        var facts = (JsonObject)JsonNode.Parse(refusal.Doc)!["facts"]!;
        Assert.Equal(["address", "issuer", "why"], facts.Select(fact => fact.Key).Order());
        Assert.Equal((attack.Refused.ToString(), "127.0.0.1"), ((string)facts["why"]!, (string)facts["address"]!));
    }

    [Fact]
    public void Every_attack_has_a_name_of_its_own() => Assert.Equal(Attacks.Length, Attacks.Select(attack => attack.Name).Distinct().Count());

    async Task<AuditEvent?> LastRefusalAsync()
    {
        await using var db = front.Database.CreateDbContext();
        return await db.Events.Where(row => row.Kind == AuditKind.SignInRefused).OrderByDescending(row => row.At).FirstOrDefaultAsync(TestContext.Current.CancellationToken);
    }
}
