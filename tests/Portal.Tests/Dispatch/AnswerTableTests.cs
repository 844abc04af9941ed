using System.Text.Json.Nodes;
using Portal.Audit;
using Portal.Dispatch;
using Portal.Huawei;
using Portal.Requests;
using static Portal.Dispatch.Reaction;

namespace Portal.Tests.Dispatch;

/// <summary>What every answer means, written down a second time.</summary>
public sealed class AnswerTableTests
{
    const string Duplicate = "duplicate sync repo";

    /// <summary>Status, code, message; whether the kind compares, whether the credential can be renewed; what follows, its sentence, event and result.</summary>
    public static TheoryData<int, string?, string?, bool, bool, Reaction, string, string, AttemptResult> Answers { get; } = new()
    {
        { 200, null, null, true, true, Observe, "Note.Accepted", AuditKind.DispatchAccepted, AttemptResult.Accepted },
        { 201, null, null, false, false, Observe, "Note.Accepted", AuditKind.DispatchAccepted, AttemptResult.Accepted },
        { 204, null, null, false, false, Observe, "Note.Accepted", AuditKind.DispatchAccepted, AttemptResult.Accepted },
        { 200, "CH.000001", "failed", true, true, BecomeUnknown, "Note.Unreadable", AuditKind.DispatchNoAnswer, AttemptResult.NoAnswer },
        { 301, null, null, true, true, Fail, "Note.Redirected", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 302, null, null, true, true, Fail, "Note.Redirected", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 400, "SVCSTG.SWR.4000014", "Bad parameter", true, true, Fail, "Note.Refused", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 400, "SIM.SWR.DUPLICATE", Duplicate, true, true, Compare, "Note.ExistsAlready", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 400, "SIM.SWR.DUPLICATE", Duplicate, false, true, Fail, "Note.Refused", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 401, "APIGW.0307", "The token must be updated.", true, true, RenewAndSendAgain, "Note.CredentialRenewed", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 401, "APIGW.0307", "The token must be updated.", true, false, Fail, "Note.CredentialRefused", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 401, "CH.080401", "No permission on the repository", false, true, Fail, "Note.NoPermission", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 401, "CH.080401", "No permission on the repository", false, false, Fail, "Note.NoPermission", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 403, "SVCSTG.SWR.4039002", "not permitted", true, true, Fail, "Note.NoPermission", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 403, "SVCSTG.SWR.4031042", "Too many requests", true, true, SendAgainLater, "Note.Busy", AuditKind.DispatchThrottled, AttemptResult.Throttled },
        { 403, "SVCSTG.SWR.4031032", "Too many requests", true, true, SendAgainLater, "Note.Busy", AuditKind.DispatchThrottled, AttemptResult.Throttled },
        { 404, "SVCSTG.SWR.4041061", "The organization does not exist", true, true, Fail, "Note.NotFound", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 405, null, null, true, true, Fail, "Note.Refused", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 408, null, null, true, true, SendAgainLater, "Note.Throttled", AuditKind.DispatchThrottled, AttemptResult.Throttled },
        { 409, null, "exists", true, true, Compare, "Note.ExistsAlready", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 409, null, "exists", false, true, Fail, "Note.Conflict", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 409, "SVCSTG.SWR.4090023", "The system is busy", true, true, SendAgainLater, "Note.Busy", AuditKind.DispatchThrottled, AttemptResult.Throttled },
        { 413, null, null, true, true, Fail, "Note.Refused", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 422, null, null, true, true, Fail, "Note.Refused", AuditKind.DispatchRefused, AttemptResult.Refused },
        { 425, null, null, true, true, SendAgainLater, "Note.Throttled", AuditKind.DispatchThrottled, AttemptResult.Throttled },
        { 429, "APIGW.0308", "throttled", true, true, SendAgainLater, "Note.Throttled", AuditKind.DispatchThrottled, AttemptResult.Throttled },
        { 429, null, null, false, false, SendAgainLater, "Note.Throttled", AuditKind.DispatchThrottled, AttemptResult.Throttled },
        { 500, "SVCSTG.SWR.5000001", "Internal error", true, true, BecomeUnknown, "Note.ServerError", AuditKind.DispatchNoAnswer, AttemptResult.ServerError },
        { 502, null, null, true, true, BecomeUnknown, "Note.ServerError", AuditKind.DispatchNoAnswer, AttemptResult.ServerError },
        { 503, "APIGW.0613", "IAM is unavailable", true, true, BecomeUnknown, "Note.ServerError", AuditKind.DispatchNoAnswer, AttemptResult.ServerError },
        { 504, "APIGW.0201", "Backend timeout", false, false, BecomeUnknown, "Note.ServerError", AuditKind.DispatchNoAnswer, AttemptResult.ServerError },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void For_answer_of_this_kind_says(
        int status, string? code, string? message, bool compares, bool mayRenew, Reaction reaction, string note, string audit, AttemptResult result)
    {
        var answer = Of(status, code, message);

        var row = AnswerTable.For(answer, new SendContext(compares && Swr.SaysDuplicateRule(answer), mayRenew, HasReceipt: true));

        Assert.Equal(new Row(reaction, note, audit, result), row);
    }

    [Theory]
    [InlineData(200, BecomeUnknown, "Note.Unreadable")]
    [InlineData(204, BecomeUnknown, "Note.Unreadable")]
    [InlineData(302, Fail, "Note.Redirected")]
    [InlineData(400, Fail, "Note.Refused")]
    [InlineData(401, RenewAndSendAgain, "Note.CredentialRenewed")]
    [InlineData(403, Fail, "Note.NoPermission")]
    [InlineData(404, Fail, "Note.NotFound")]
    [InlineData(429, SendAgainLater, "Note.Throttled")]
    [InlineData(502, BecomeUnknown, "Note.ServerError")]
    public void For_page_for_people_goes_by_its_status(int status, Reaction reaction, string note)
    {
        var row = AnswerTable.For(Of(status, null, null) with { Unreadable = true, Json = null }, new SendContext(false, true, true));

        Assert.Equal((reaction, note), (row.Reaction, row.Note));
    }

    [Fact]
    public void For_nothing_sent_is_sent_again_and_no_answer_is_unknown()
    {
        var context = new SendContext(false, true, true);

        Assert.Equal(
            new Row(SendAgainLater, "Note.NotSent", AuditKind.DispatchNotSent, AttemptResult.NotSent), AnswerTable.For(Answer.NotSent("refused"), context));
        Assert.Equal(
            new Row(BecomeUnknown, "Note.NoAnswer", AuditKind.DispatchNoAnswer, AttemptResult.NoAnswer),
            AnswerTable.For(new Answer { Kind = AnswerKind.NoAnswer, Status = 200 }, context));
    }

    [Fact]
    public void For_accepted_without_its_receipt_says_so() =>
        Assert.Equal("Note.AcceptedWithoutReceipt", AnswerTable.For(Of(200, null, null), new SendContext(false, true, HasReceipt: false)).Note);

    [Fact]
    public void For_every_status_and_code_there_is_a_row_and_none_sends_what_may_have_happened()
    {
        string?[] codes = [null, "APIGW.0307", "APIGW.0308", "CH.080401", "SVCSTG.SWR.4090023", "SVCSTG.SWR.4031042", "SVCSTG.SWR.4041061", "X"];
        bool[] both = [true, false];
        foreach (var status in Enumerable.Range(200, 400))
        {
            foreach (var answer in codes.SelectMany(code => both.Select(unreadable => Of(status, code, "m") with { Unreadable = unreadable })))
            {
                foreach (var context in from one in both from two in both from three in both select new SendContext(one, two, three))
                {
                    var row = AnswerTable.For(answer, context);
                    var maySend = row.Reaction is SendAgainLater or RenewAndSendAgain;
                    Assert.False(maySend && status is < 400 or >= 500 && !Swr.SaysBusy(answer), $"{status} {answer.ErrorCode} would be sent again");
                    Assert.False(row.Reaction == Fail && status is < 300 or >= 500, $"{status} {answer.ErrorCode} would be called a failure");
                    Assert.False(row.Reaction == RenewAndSendAgain && !context.MayRenew, "renewed without end");
                    Assert.Contains(row.AuditKind, AuditKind.All);
                }
            }
        }
    }

    static Answer Of(int status, string? code, string? message) => new()
    {
        Kind = AnswerKind.Answered,
        Status = status,
        ErrorCode = code,
        ErrorMessage = message,
        Json = new JsonObject(),
        CredentialExpired = status == 401 && code != "CH.080401",
    };
}
