namespace Portal.Huawei;

/// <summary>How a service in a region answered this node last.</summary>
/// <param name="At">When, by the node's clock.</param>
/// <param name="Kind">What is certain about the call.</param>
/// <param name="Status">HTTP status, where there was one.</param>
/// <param name="CredentialRefused">The cloud did not accept the key or the token.</param>
/// <param name="Failure">Why there was no answer, in the portal's own words.</param>
public sealed record LastAnswer(DateTimeOffset At, AnswerKind Kind, int? Status, bool CredentialRefused, string? Failure)
{
    /// <summary>True when a healthy service would not have answered so. A refusal is an answer.</summary>
    public bool IsIll => Kind != AnswerKind.Answered || Status >= 500;
}
