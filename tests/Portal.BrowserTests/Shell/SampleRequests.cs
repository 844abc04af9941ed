namespace Portal.BrowserTests.Shell;

/// <summary>Requests in the states worth looking at, made once through the pages, and one browser for each persona and language to look with.</summary>
public sealed class SampleRequests(PortalFixture fixture) : IAsyncLifetime
{
    readonly Dictionary<string, Guid> made = [];
    readonly Dictionary<(string?, string), Person> people = [];

    /// <summary>The id of <c>waiting</c>, <c>succeeded</c>, <c>failed</c>, <c>unknown</c>, <c>overwrites</c> (unknown too) or <c>denied</c>.</summary>
    public Guid this[string state] => made[state];

    /// <summary>The persona's browser in a language; without a persona, that of somebody who is not signed in.</summary>
    public async Task<Person> PersonAsync(string? persona, string language)
    {
        if (!people.TryGetValue((persona, language), out var person))
        {
            var session = persona is null ? null : await fixture.SessionAsync(fixture.Portal.Address, persona);
            person = people[(persona, language)] = await Person.ArriveAsync(fixture.Browser, fixture.Portal.Address, language, session);
        }

        return person;
    }

    public async ValueTask InitializeAsync()
    {
        var developer = await PersonAsync("Developer", "en");
        var approver = await PersonAsync("Approver", "en");

        await developer.Page.FillRuleAsync("mobile/gateway/bff-ios", "ap-southeast-3", "mobile", "The Singapore cluster pulls over the ocean today; deployments there take 9 minutes.");
        made["waiting"] = await developer.Page.SubmitAsync();

        await developer.Page.FillMirrorAsync(2111738, "The release branch was pushed an hour ago and the pipeline needs it.");
        await DecideAsync("succeeded", developer, approver, "Fine, the release is on the calendar.", "Approve");
        await Expect(developer.Page.Light("Proved", "proved")).ToBeVisibleAsync();

        await developer.Page.FillRuleAsync("mobile/gateway/bff-android", "ap-southeast-3", "mobile");
        await fixture.Simulator.FaultAsync(new { preset = "swr-not-permitted", match = new { method = "POST", pathContains = "bff-android" } });
        await DecideAsync("failed", developer, approver, "", "Approve");
        await Expect(developer.Page.Light("Sent", "refused (403)")).ToBeVisibleAsync();

        await developer.Page.FillRuleAsync("data-platform/notebook", "ap-southeast-3", "data-platform-sg");
        await fixture.Simulator.FaultAsync(new { preset = "html-502", match = new { method = "POST", pathContains = "notebook" } });
        await DecideAsync("unknown", developer, approver, "", "Approve");
        await Expect(developer.Page.Light("Sent", "no clear answer (502)")).ToBeVisibleAsync();
        await fixture.Database.LeaveToPersonAsync(made["unknown"]);

        await developer.Page.FillRuleAsync("data-platform/notebook", "cn-east-3", "data-platform-dr");
        await developer.Page.Field("Overwrite existing images").CheckAsync();
        await fixture.Simulator.FaultAsync(new { preset = "html-502", match = new { method = "POST", pathContains = "notebook" } });
        await DecideAsync("overwrites", developer, approver, "", "Approve");
        await Expect(developer.Page.Light("Sent", "no clear answer (502)")).ToBeVisibleAsync();
        await fixture.Database.LeaveToPersonAsync(made["overwrites"]);

        await developer.Page.FillRuleAsync("base-images/python", "cn-south-1", "mobile", "Try-out");
        await DecideAsync("denied", developer, approver, "The mobile organization is not the place for base images. Ask for one of your own first.", "Deny");
    }

    async Task DecideAsync(string state, Person developer, Person approver, string comment, string button)
    {
        var request = made[state] = await developer.Page.SubmitAsync();
        await approver.Page.GotoAsync($"/approvals/{request}");
        await approver.Page.Field("Comment").FillAsync(comment);
        await approver.Page.Button(button).ClickAsync();
        await approver.Page.Button("Approve").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in people.Values)
        {
            await person.DisposeAsync();
        }
    }
}
