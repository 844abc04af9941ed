using System.Globalization;
using System.Text.Json.Nodes;
using Portal.FaultTests.Support;

namespace Portal.FaultTests.Faults;

/// <summary>The cloud answers what it should not.</summary>
static class Answers
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("F32", "effect done and 504 answered", Ground.Shared, trial =>
            AnswerAsync(trial, () => new JsonObject { ["preset"] = "gateway-504-after-effect" }, "ServerError")) { ShortRuns = 2 },
        new("F33", "429 with every kind of Retry-After", Ground.Shared, trial => AnswerAsync(trial, () => Throttled(trial), "Throttled")) { ShortRuns = 2 },
        new("F34", "401 once, 401 for ever", Ground.OwnLogin, RefusedCredentialAsync),
        new("F35", "200 with a body that is none", Ground.Shared, trial => AnswerAsync(trial, () => Unreadable(trial), null)) { ShortRuns = 3 },
    ];

    static async Task AnswerAsync(Trial trial, Func<JsonObject> fault, string? result)
    {
        var wishes = await trial.SubmitAsync(images: 3, mirrors: 2);
        foreach (var wish in wishes)
        {
            await ScriptAsync(trial, wish, fault());
        }

        await trial.ApproveAsync(wishes);
        await trial.WhenAllAsync(
            "every call had its answer",
            $"exists (select from portal.attempt a where a.item_id = i.id and a.purpose = 'Send' and {(result is null ? "a.result is not null" : $"a.result = '{result}'")})");
    }

    static async Task ScriptAsync(Trial trial, Asked wish, JsonObject fault)
    {
        fault["match"] = new JsonObject { ["method"] = "POST", ["pathContains"] = wish.Word };
        await trial.Cloud.FaultAsync((object)fault);
    }

    static JsonObject Throttled(Trial trial) => new()
    {
        ["preset"] = "throttled",
        ["headers"] = new JsonObject
        {
            ["Retry-After"] = trial.Chance.GetItems(
                ["1", TimeProvider.System.GetUtcNow().AddSeconds(2).ToString("R", CultureInfo.InvariantCulture), "999999999999", "-5", "soon", "0", "Fri, 31 Dec 1999 23:59:59 GMT"], 1)[0],
        },
    };

    static JsonObject Unreadable(Trial trial) => trial.Chance.Next(7) switch
    {
        0 => new() { ["preset"] = "html-200" },
        1 => new() { ["preset"] = "html-200", ["applyEffect"] = true },
        2 => new() { ["preset"] = "huge-body" },
        3 => new() { ["preset"] = "truncated-json" },
        4 => new() { ["preset"] = "wrong-types" },
        5 => new() { ["preset"] = "empty-200", ["applyEffect"] = trial.Chance.Next(2) == 0 },
        _ => new() { ["status"] = 200, ["body"] = """{"jid":"one","jid":"two","jid":7}""", ["applyEffect"] = trial.Chance.Next(2) == 0 },
    };

    static async Task RefusedCredentialAsync(Trial trial)
    {
        var once = await trial.SubmitAsync(images: 3, mirrors: 1);
        var always = await trial.SubmitAsync(images: 2, mirrors: 1);
        foreach (var wish in once)
        {
            await ScriptAsync(trial, wish, new() { ["preset"] = "token-must-be-updated" });
        }

        // Twice in a row is for ever: after that it is not tried again.
        foreach (var wish in always)
        {
            await ScriptAsync(trial, wish, new() { ["preset"] = "token-must-be-updated", ["times"] = 2 });
        }

        await trial.ApproveAsync(trial.Asked);
        await trial.Place.WorkAsync(Place.WithPassword);
        await trial.SettleAsync();
        foreach (var (wishes, state) in new[] { (once, "Done"), (always, "Failed") })
        {
            var count = await trial.Place.CountAsync(
                "select count(*) from portal.request_item where request_id = any($1) and state = $2", wishes.Select(wish => wish.Request).ToArray(), state);
            trial.Check(count == wishes.Count, $"{count} of {wishes.Count} are {state}");
        }
    }
}
