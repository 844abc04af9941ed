using System.Text.Json.Nodes;

namespace Portal.BrowserTests.Dispatch;

/// <summary>What a person reads, and what is stored, after each kind of answer from the cloud.</summary>
public sealed class AnswerTests(PortalFixture fixture) : BrowserTest(fixture)
{
    /// <summary>
    /// An image or a mirror that only this row touches; the cloud's fault; the state in words; the sentence on the page; the sends as stored
    /// (result, HTTP status, error code); how often it really happened.
    /// </summary>
    public static TheoryData<string, string, string, string, string[], int> Answers => new()
    {
        {
            "data-platform/spark/runner", """{"preset":"swr-authentication-failed"}""", "Failed",
            "The cloud does not accept the portal's credential.", ["Refused 401 SVCSTG.SWR.4010000"], 0
        },
        {
            "data-platform/ingest/kafka-connect", """{"preset":"swr-not-permitted"}""", "Failed",
            "The portal's cloud account may not do this", ["Refused 403 SVCSTG.SWR.4039002"], 0
        },
        {
            "data-platform/notebook", """{"preset":"swr-namespace-missing"}""", "Failed",
            "The cloud does not find what the call is about", ["Refused 404 SVCSTG.SWR.4041061"], 0
        },
        {
            "2111736", """{"status":409,"code":"CH.004409","message":"The mirror is being synchronized"}""", "Failed",
            "it conflicts with something that is there or under way", ["Refused 409 CH.004409"], 0
        },
        {
            "mobile/gateway/bff-ios", """{"preset":"throttled"}""", "Succeeded",
            "The cloud lists the rule with the settings that were asked for.", ["Throttled 429 APIGW.0308", "Accepted 200"], 1
        },
        {
            "data-platform/feature_store", """{"preset":"swr-internal"}""", "Outcome unknown",
            "The cloud reported a fault of its own.", ["ServerError 500 SVCSTG.SWR.5000001"], 0
        },
        {
            "mobile/gateway/bff-android", """{"preset":"html-502"}""", "Outcome unknown",
            "The cloud reported a fault of its own.", ["ServerError 502"], 0
        },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Answer_of_the_cloud_gives_the_state_the_stored_code_and_a_sentence(
        string wish, string fault, string state, string sentence, string[] sends, int effects)
    {
        var mirror = int.TryParse(wish, out var repository);
        var developer = await SignInAsync("Developer");
        await (mirror ? developer.Page.FillMirrorAsync(repository) : developer.Page.FillRuleAsync(wish, "cn-east-3", "base-images"));
        var request = await developer.Page.SubmitAsync();
        var scripted = JsonNode.Parse(fault)!.AsObject();
        scripted["match"] = new JsonObject { ["method"] = "POST", ["pathContains"] = mirror ? wish : wish[(wish.IndexOf('/', StringComparison.Ordinal) + 1)..].Replace('/', '$') };
        await Simulator.FaultAsync((object)scripted);
        var approver = await SignInAsync("Approver");
        await approver.Page.ApproveAsync(request);

        await Expect(developer.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = state })).ToHaveCountAsync(1);
        if (state != "Outcome unknown")
        {
            await Expect(developer.Page.GetByText(sentence).First).ToBeVisibleAsync();
        }
        else
        {
            // The item goes on looking, so the sentence of its send stands in the history.
            await Expect(developer.Page.GetByRole(AriaRole.Complementary).GetByText(sentence)).ToBeVisibleAsync();
        }

        foreach (var part in sends[^1].Split(' ').Skip(1))
        {
            await Expect(developer.Page.Locator("dd code").GetByText(part, new() { Exact = true })).ToBeVisibleAsync();
        }

        Assert.Equal(sends, (await Database.RowsAsync(
            "select result, http_status, error_code from portal.attempt where request_id = $1 and purpose = 'Send' order by started_at", request))
            .Select(row => string.Join(' ', row.OfType<object>())));
        Assert.Equal(effects, await Simulator.EffectsAsync(await Database.ValueAsync<string>("select target from portal.request_item where request_id = $1", request)));
    }
}
