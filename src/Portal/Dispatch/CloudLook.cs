using Microsoft.EntityFrameworkCore;
using Portal.Database;
using Portal.Huawei;
using Portal.Requests;
using Portal.Telemetry;

namespace Portal.Dispatch;

/// <summary>A recorded look at a target: a GET that changes nothing, with a row before and after it like every exchange.</summary>
public sealed class CloudLook(IDbContextFactory<PortalDb> databases, CloudClient cloud)
{
    /// <summary>Makes the calls one after the other; each once more with a new credential when the old one had run out.</summary>
    public async Task<IReadOnlyList<Answer>> AtAsync(RequestItem item, AttemptPurpose purpose, IReadOnlyList<CloudCall> calls)
    {
        List<Answer> answers = [];
        foreach (var call in calls)
        {
            answers.Add(await AtAsync(item, purpose, call));
        }

        return answers;
    }

    async Task<Answer> AtAsync(RequestItem item, AttemptPurpose purpose, CloudCall call)
    {
        var answer = await OnceAsync(item, purpose, call);
        if (!answer.CredentialExpired || !cloud.CanRenewCredential)
        {
            return answer;
        }

        cloud.ForgetToken(call.Region);
        return await OnceAsync(item, purpose, call);
    }

    async Task<Answer> OnceAsync(RequestItem item, AttemptPurpose purpose, CloudCall call)
    {
        var attempt = Attempt.For(item, purpose, call, cloud.UrlOf(call));
        await using var db = await databases.CreateDbContextAsync();
        db.Attempts.Add(attempt);
        await db.SaveChangesAsync();

        var answer = await cloud.SendAsync(call, CancellationToken.None);
        Measures.CountAttempt(item.Operation, purpose.ToString(), answer.Kind.ToString(), answer.Status);

        attempt.Complete(answer, ResultOf(answer), jid: null);
        await db.SaveChangesAsync();
        return answer;
    }

    static AttemptResult ResultOf(Answer answer) => answer switch
    {
        { Kind: AnswerKind.NotSent } => AttemptResult.NotSent,
        { Kind: AnswerKind.NoAnswer } or { Unreadable: true, Status: < 300 } => AttemptResult.NoAnswer,
        { IsSuccess: true } => AttemptResult.Accepted,
        { Status: 429 } => AttemptResult.Throttled,
        { Status: >= 500 } => AttemptResult.ServerError,
        _ => AttemptResult.Refused,
    };
}
