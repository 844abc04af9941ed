using System.Globalization;
using Portal.Huawei;

namespace Portal.Kinds;

/// <summary>What a preflight says of a look-up that gave no usable answer: worth knowing, but no proof that the wish cannot work.</summary>
static class CheckFailure
{
    /// <summary>The service itself says that what was looked up is not there. A page for people, or a gateway that does not know the address, says nothing of it.</summary>
    public static bool SaysMissing(Answer answer) =>
        answer is { Status: 404, Unreadable: false } && answer.ErrorCode?.StartsWith("APIG", StringComparison.Ordinal) != true;

    /// <summary>A warning that names what was looked up and what came back.</summary>
    public static Finding Of(Answer answer, string what, string region) => answer switch
    {
        { Status: 401 or 403 } => new Finding(FindingLevel.Warn, "Check.NotPermitted", what, region, Code(answer)),
        { Kind: AnswerKind.Answered } => new Finding(FindingLevel.Warn, "Check.Unclear", what, region, Code(answer)),
        _ => new Finding(FindingLevel.Warn, "Check.NotReached", what, region, answer.Failure ?? ""),
    };

    /// <summary>Whether what was looked up is there: <c>….There</c> passes, <c>….Missing</c> blocks, anything else warns.</summary>
    public static Finding Presence(Answer answer, string wordKey, string name, string region) => answer switch
    {
        { IsSuccess: true, Unreadable: false } => new Finding(FindingLevel.Pass, wordKey + ".There", name, region),
        _ when SaysMissing(answer) => new Finding(FindingLevel.Block, wordKey + ".Missing", name, region),
        _ => Of(answer, name, region),
    };

    static string Code(Answer answer) => string.Create(CultureInfo.InvariantCulture, $"HTTP {answer.Status} {answer.ErrorCode}").TrimEnd();
}
