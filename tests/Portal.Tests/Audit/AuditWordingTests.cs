using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Approvals;
using Portal.Audit;
using Portal.SignIn;
using Portal.SignIn.OpenIdConnect;
using Portal.Tests.Support;

namespace Portal.Tests.Audit;

public sealed partial class AuditWordingTests
{
    static readonly Dictionary<string, string> Names = new() { ["http://issuer#nora"] = "Nora {0} Newcomer" };

    public static readonly TheoryData<string> Languages = ["en", "zh-CN"];

    [Theory, MemberData(nameof(Languages))]
    public void Every_end_of_a_sign_in_has_words(string language) =>
        AllHaveWords(language, AuditKind.SessionEnded, "why", Enum.GetNames<SessionEnd>());

    [Theory, MemberData(nameof(Languages))]
    public void Every_denied_thing_has_words_and_every_reason(string language)
    {
        var denied = Denied();
        Assert.InRange(denied.Count, 20, 100);

        AllHaveWords(language, AuditKind.AccessDenied, "what", denied);
        AllHaveWords(language, AuditKind.AccessDenied, "why", [nameof(MayNotDecide), nameof(RequesterMayNotDecide)]);
    }

    [Theory, MemberData(nameof(Languages))]
    public void Every_limit_has_words(string language) =>
        AllHaveWords(language, AuditKind.AccessLimited, "limit", RateLimit.All.Select(limit => limit.Name));

    [Theory, MemberData(nameof(Languages))]
    public void Every_fault_of_a_sign_in_has_a_sentence_for_the_same_faults_as_on_the_sign_in_page(string language)
    {
        var faults = Enum.GetNames<SignInFault>();
        AllHaveWords(language, AuditKind.SignInRefused, "why", faults);

        var said = faults.Select(fault => (Trail: Say(AuditKind.SignInRefused, "why", fault, language)!, Page: SignInFaults.WordOf(Enum.Parse<SignInFault>(fault)))).Distinct().ToList();
        Assert.Equal(said.Count, said.Select(pair => pair.Trail).Distinct().Count());
        Assert.Equal(said.Count, said.Select(pair => pair.Page).Distinct().Count());
    }

    [Fact]
    public async Task Every_documented_fact_has_a_label()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "audit-events.md"), TestContext.Current.CancellationToken);
        var facts = KindRow().Matches(text).SelectMany(row => FactName().Matches(row.Groups[1].Value)).Select(name => name.Groups[1].Value).Distinct().ToList();
        Assert.InRange(facts.Count, 40, 100);

        Assert.DoesNotContain(facts, name => Localizer()["Audit.Fact." + name].ResourceNotFound);
    }

    [Theory]
    [InlineData("en", AuditKind.PersonRolesChanged, """{"person":"http://issuer#nora","before":["Auditor"],"after":["Requester","FromTomorrow"]}""",
        "Nora {0} Newcomer: Developer given, FromTomorrow given, Auditor taken")]
    [InlineData("zh-CN", AuditKind.PersonRolesChanged, """{"person":"http://issuer#nora","before":["Auditor"],"after":["Requester"]}""", "Nora {0} Newcomer：授予开发者、收回审计员")]
    [InlineData("en", AuditKind.PersonRolesChanged, """{"person":"gone","before":"x","after":{}}""", "gone")]
    [InlineData("en", AuditKind.PersonEnabled, """{"person":"http://issuer#nora"}""", "Nora {0} Newcomer")]
    [InlineData("en", AuditKind.PersonEnabled, """{"person":"gone"}""", "gone")]
    [InlineData("en", AuditKind.PersonDisabled, """{"person":"http://issuer#nora","comment":"left"}""", "Nora {0} Newcomer|left")]
    [InlineData("en", AuditKind.SessionEnded, """{"person":"http://issuer#nora","why":"EndedByProvider","session":"s"}""", "Nora {0} Newcomer|Signed out at the identity provider")]
    [InlineData("zh-CN", AuditKind.SessionEnded, """{"person":"gone","why":"TooMany"}""", "gone|同时登录数超出上限，最早的登录被结束")]
    [InlineData("en", AuditKind.SessionEnded, """{"person":"gone","why":"FromTomorrow"}""", "gone|FromTomorrow")]
    [InlineData("en", AuditKind.AccessDenied, """{"what":"people.read","person":"http://issuer#nora"}""", "Open somebody’s page|Nora {0} Newcomer")]
    [InlineData("en", AuditKind.AccessDenied, """{"what":"approval.grant","why":"RequesterMayNotDecide","request":"r"}""", "Approve a request|Nobody decides on their own request")]
    [InlineData("en", AuditKind.SignInRefused, """{"why":"StateNotOurs","address":"10.0.0.1"}""",
        "The sign-in took too long, was used already, or was begun in another browser or tab. [StateNotOurs]")]
    [InlineData("en", AuditKind.SignInRefused, """{"why":"FromTomorrow"}""", "What was sent did not pass a check. [FromTomorrow]")]
    [InlineData("en", AuditKind.ExportCreated, """{"format":"Csv","rows":34,"filter":"?status=4xx"}""", "CSV, 34 events|?status=4xx")]
    [InlineData("en", AuditKind.ExportFinished, """{"format":"Jsonl","rows":1}""", "JSONL, 1 event")]
    [InlineData("zh-CN", AuditKind.ExportFinished, """{"format":"Csv","rows":0}""", "CSV，0 条事件")]
    [InlineData("en", AuditKind.DispatchRecorded, """{"part":"v1.2","method":"POST","path":"/v2/x"}""", "v1.2|POST /v2/x")]
    [InlineData("en", AuditKind.DispatchRefused, """{"part":"v1.2","method":"POST","path":"/v2/x","errorMessage":"no","note":"Note.NotFollowed"}""",
        "v1.2|no|Somebody asked the portal to stop looking for proof.")]
    [InlineData("en", AuditKind.OutcomeSettled, """{"part":"v1.2","action":"MarkFailed","comment":"seen","proposedBy":"http://issuer#nora"}""", "v1.2|Mark as failed|seen")]
    [InlineData("en", AuditKind.LanePaused, """{"lane":"swr/cn-north-4","comment":"c"}""", "swr/cn-north-4|c")]
    [InlineData("en", AuditKind.MaintenanceStarted, """{"lane":"*","comment":"c"}""", "c")]
    [InlineData("en", AuditKind.AccessLimited, """{"limit":"Submit","permits":30,"seconds":60}""", "Sending in requests: more than 30 times in 60 seconds")]
    [InlineData("zh-CN", AuditKind.AccessLimited, """{"limit":"AuditExport","permits":5,"seconds":3600}""", "导出审计记录：3600 秒内超过 5 次")]
    [InlineData("en", AuditKind.AccessLimited, """{"limit":"FromTomorrow","permits":5,"seconds":10}""", "FromTomorrow: more than 5 times in 10 seconds")]
    [InlineData("en", AuditKind.SignedIn, "{}", "")]
    public void Summary_says_whom_or_what_it_happened_to_and_what(string language, string kind, string facts, string expected)
    {
        var document = AuditDocument.Read(new JsonObject { ["kind"] = kind, ["facts"] = JsonNode.Parse(facts) }.ToJsonString());

        Assert.Equal(expected, Language.In(language, () => string.Join('|', new AuditWording(Localizer(), Names).Summary(document)
            .Select(phrase => phrase.Code is null ? phrase.Text : $"{phrase.Text} [{phrase.Code}]"))));
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    [InlineData("""{"kind":7,"facts":{"person":{"a":1},"before":[[1]],"why":[]}}""", """{"a":1}|[]""")]
    [InlineData("""{"kind":"person.roles_changed","facts":{"person":"nobody#known","before":"none","after":[7]}}""", "nobody#known: 7 given")]
    public void Document_of_another_shape_says_what_there_is_of_it(string doc, string expected) =>
        Assert.Equal(expected, Language.In("en", () => string.Join('|', new AuditWording(Localizer(), Names).Summary(AuditDocument.Read(doc)).Select(phrase => phrase.Text))));

    static void AllHaveWords(string language, string kind, string fact, IEnumerable<string> values)
    {
        var said = values.Select(value => (value, Text: Say(kind, fact, value, language))).ToList();
        Assert.DoesNotContain(said, each => string.IsNullOrEmpty(each.Text) || each.Text.Contains(each.value, StringComparison.Ordinal));
        Assert.All(said, each => Assert.Equal(language == "zh-CN", each.Text!.Any(letter => letter is >= '一' and <= '鿿')));
    }

    static string? Say(string kind, string fact, string value, string language)
    {
        var document = new AuditDocument(kind, new JsonObject { [fact] = value }, [], null);
        return Language.In(language, () => new AuditWording(Localizer(), Names).Say(document, new AuditFact(fact, value, false)));
    }

    static IStringLocalizer<Portal.Words> Localizer() =>
        new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider().GetRequiredService<IStringLocalizer<Portal.Words>>();

    // Names like people.list in the files that record a denial; those of other kinds of names are constants there.
    static List<string> Denied() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Portal"), "*Service.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .Where(text => text.Contains("AuditKind.AccessDenied", StringComparison.Ordinal))
            .SelectMany(text => DeniedName().Matches(text))
            .Select(match => match.Groups[1].Value).Distinct(),
    ];

    [GeneratedRegex("\"([a-z]+\\.[a-z_]+)\"")]
    private static partial Regex DeniedName();

    [GeneratedRegex(@"^\| `[a-z_.]+` \|[^|]*\|[^|]*\|(.*)\|$", RegexOptions.Multiline)]
    private static partial Regex KindRow();

    [GeneratedRegex("`([a-z][A-Za-z0-9]*)`")]
    private static partial Regex FactName();
}
