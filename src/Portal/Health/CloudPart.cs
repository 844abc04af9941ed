using Portal.Huawei;

namespace Portal.Health;

/// <summary>
/// The services of the cloud that this node called, by their last answers. Asks nothing by itself. Never a reason to take a node out: pages, approvals and
/// the queue go on without the cloud, and no other node would reach it either.
/// </summary>
public sealed class CloudPart(CloudClient cloud) : IHealthPart
{
    /// <inheritdoc />
    public bool IsNeeded => false;

    /// <inheritdoc />
    public Task<IReadOnlyList<PartState>> LookAsync(CancellationToken token) => Task.FromResult<IReadOnlyList<PartState>>(
        [.. cloud.LastAnswers.OrderBy(last => last.Key, StringComparer.Ordinal).Select(last => StateOf($"cloud/{last.Key}", last.Value))]);

    static PartState StateOf(string part, LastAnswer last) => last switch
    {
        { CredentialRefused: true } or { Status: 401 } => new(part, false, "Health.CloudCredential", last.At),
        { Kind: not AnswerKind.Answered } => new(part, false, "Health.CloudAway", last.At, last.Failure ?? ""),
        { IsIll: true } => new(part, false, "Health.CloudError", last.At, last.Status!.Value),
        _ => new(part, true, "Health.CloudWell", last.At, last.Status!.Value),
    };
}
