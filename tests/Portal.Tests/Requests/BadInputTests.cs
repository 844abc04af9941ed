using System.Text.Json.Nodes;
using Portal.Audit;
using Portal.Dispatch;
using Portal.Kinds;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Requests;

/// <summary>What people can send to the services from an open page: any value in any field. Each is done, or refused by name; none is a fault.</summary>
public sealed class BadInputTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    const int Usual = 2000;

    [Fact]
    public async Task No_value_in_any_field_is_a_fault()
    {
        var total = Usual * BadTexts.Times;
        var waiting = await Given.SubmittedAsync(Node, Given.Mirror());
        var trouble = new List<string>();
        var answers = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var number = 0; number < total; number++)
        {
            var texts = new BadTexts(number);
            var what = texts.Pick(Actions);
            string answer;
            try
            {
                answer = NameOf(await DoAsync(what, texts, waiting.Id));
            }
#pragma warning disable CA1031 // Any exception is the finding.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                answer = fault.GetType().Name;
                trouble.Add($"{number} {what}: {fault}");
            }

            answers[answer] = answers.GetValueOrDefault(answer) + 1;
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"seed {new BadTexts(0).Seed}, {total} calls: {string.Join(", ", answers.Select(answer => $"{answer.Key}: {answer.Value}"))}");
        Assert.True(trouble.Count == 0, string.Join('\n', trouble.Take(10)));

        // Nothing of all that reached the cloud as anything but a look.
        Assert.DoesNotContain(await Cloud.CallsAsync(), call => call!["method"]!.GetValue<string>() != "GET");
    }

    static readonly string[] Actions =
    [
        "check", "check", "check", "submit", "submit", "submit", "list", "search", "search", "search", "newer", "approve", "deny", "cancel", "stop-following", "retry-region", "pause", "resume",
        "settle", "second",
    ];

    async Task<object?> DoAsync(string what, BadTexts texts, Guid id)
    {
        var auditor = Given.Auditor;
        var audit = Node.Get<AuditService>();
        return what switch
        {
            "check" => Named(await Node.Requests.CheckAsync(Kind(texts), Payload(texts), Given.Developer, Token)),
            "submit" => Named(await Node.Requests.SubmitAsync(
                new SubmitInput(Kind(texts), Payload(texts), texts.Next(), texts.Below(3) == 0 ? new LoginInput(texts.Next(), texts.Next()) : null, texts.Below(4) == 0), Given.Developer, Token)),
            "list" => await Node.Reader.MineAsync(Given.Approver, (RequestState)texts.Below(40), texts.Next(), Page(texts), Token),
            "search" => Named(await audit.PageAsync(Filter(texts), auditor, Token)),
            "newer" => Named(await audit.CountNewerAsync(Filter(texts), null, auditor, Token)),
            "approve" => Named(await Node.Approvals.ApproveAsync(id, texts.Next(), texts.Next(), Given.Approver, Token)),
            "deny" => Named(await Node.Approvals.DenyAsync(id, texts.Next(), texts.Next(), Given.Approver, Token)),
            "cancel" => Named(await Node.FollowUps.CancelAsync(id, texts.Next(), Given.Operator, Token)),
            "stop-following" => Named(await Node.FollowUps.StopFollowingAsync(id, texts.Next(), Given.Operator, Token)),
            "retry-region" => Named(await Node.FollowUps.RetryRegionAsync(texts.Next(), texts.Pick([DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default]), Given.Operator, Token)),
            "pause" => Named(await Node.Lanes.PauseAsync(texts.Next(), texts.Next(), texts.Pick([Given.Operator, Given.Developer]), Token)),
            "resume" => Named(await Node.Lanes.ResumeAsync(texts.Next(), texts.Pick([Given.Operator, Given.Developer]), Token)),
            "settle" => Named(await Node.Outcomes.SettleAsync(id, (SettlementAction)texts.Below(9), texts.Next(), Given.Operator, Token)),
            "second" => Named(await Node.Outcomes.SecondAsync(id, texts.Below(2) == 0, texts.Next(), Given.Operator, Token)),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }

    // A refusal has words; one because of fields says which.
    static Refusal? Named<T>(Outcome<T> outcome)
    {
        Assert.False(outcome.Refusal is InputInvalid { Problems.Count: 0 });
        return outcome.Refusal;
    }

    static string NameOf(object? answer) => answer is Refusal refusal ? refusal.GetType().Name : "done";

    static string Kind(BadTexts texts) => texts.Below(8) == 0 ? texts.Next() : texts.Pick(["keep-copying", "copy-tags", "stop-copying", "sync-mirror"]);

    static int Page(BadTexts texts) => texts.Pick([1, 0, -1, int.MinValue, int.MaxValue, 100_000]);

    // A wish that would pass, with trouble in one to three of its fields.
    static JsonObject Payload(BadTexts texts)
    {
        var payload = (JsonObject)texts.Pick([Given.Rule(), Given.CopyTags(), Given.StopRule(), Given.Mirror()]).Payload.DeepClone();
        string[] names = [.. payload.Select(field => field.Key), "loginGiven", "serviceEndpoint"];
        for (var times = 0; times <= texts.Below(3); times++)
        {
            payload[texts.Below(8) == 0 ? texts.Next() : texts.Pick(names)] = Value(texts);
        }

        return payload;
    }

    static JsonNode? Value(BadTexts texts) => texts.Below(10) switch
    {
        0 => null,
        1 => texts.Below(2) == 0,
        2 => texts.Pick([double.MaxValue, -0.0, 1e-300, 2147483648.0]),
        3 => long.MinValue,
        4 => new JsonArray(texts.Next(), texts.Next()),
        5 => new JsonObject { ["a"] = new JsonObject { ["b"] = texts.Next() } },
        _ => texts.Next(),
    };

    static AuditFilter Filter(BadTexts texts)
    {
        string Some() => texts.Below(3) == 0 ? texts.Next() : "";
        return new AuditFilter
        {
            Text = Some(),
            Person = Some(),
            Event = Some(),
            Status = Some(),
            Jid = Some(),
            From = Some(),
            To = Some(),
            Page = Page(texts),
            UpTo = texts.Below(2) == 0 ? Guid.Empty : null,
        };
    }
}
